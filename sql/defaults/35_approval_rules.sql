-- Points multiplied by more than three are agreed to by a second person.
insert into app.approval_rules (resource, name, name_en, condition, roles, note)
values (
  'tiers', '积分倍数超过 3', 'Points multiplied by more than three',
  '{"point_multiplier": {"gt": "3"}}', '{manager,reviewer}',
  '倍数越高，积分负债增长越快'
)
on conflict do nothing;
