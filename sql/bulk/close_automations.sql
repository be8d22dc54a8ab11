-- Everybody who ever ordered is in the community of newcomers, since their first order; the tips of the last two weeks were posted; what
-- was sent is no longer on its way.
select ops.join_communities(array(select customers.id from app.customers where customers.id <> 0), now());

select ops.post_community_plans(days.day::date, (days.day + interval '20 hours') at time zone settings.time_zone)
from app.settings
cross join generate_series(
  current_setting('seed.as_of_on')::timestamp - interval '14 days', current_setting('seed.as_of_on')::timestamp - interval '1 day', interval '1 day'
) as days (day);

update app.messages
set
  state = case when messages.channel = 'in_site' then 'delivered' else 'suppressed' end,
  reason = case when messages.channel = 'in_site' then null else 'channel_off' end,
  due_at = null,
  sent_at = case when messages.channel = 'in_site' then messages.queued_at end,
  delivered_at = case when messages.channel = 'in_site' then messages.queued_at end
where (messages.source like 'automation:%' or messages.source like 'community:%')
  and messages.state in ('queued', 'held');

-- Of the calls all but those of the last days were made.
update app.contact_tasks
set
  status = case when pg_temp.draw(contact_tasks.customer_id, 851) < 0.8 then 'reached' else 'not_reached' end,
  done_at = contact_tasks.opened_at + make_interval(hours => 2 + floor(20 * pg_temp.draw(contact_tasks.customer_id, 852))::integer),
  outcome = pg_temp.pick(array['近期在用别家，愿意再试', '搬家后忘了下单，已约定回访', '对物流时效有意见，已记录', '感谢关怀，会使用礼券'], pg_temp.draw(contact_tasks.customer_id, 853))
where contact_tasks.opened_at < current_setting('seed.as_of_on')::timestamp - interval '4 days';

-- What was given in time and not used has ended.
select ops.release_coupons(current_setting('seed.as_of_on')::date);
