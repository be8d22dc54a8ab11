create function ops.retrospective_changes(before_id bigint, after_id bigint)
returns setof jsonb
language sql
stable
begin atomic
  select to_jsonb(changes)
  from app.retrospective_snapshots as earlier
  inner join app.retrospective_snapshots as later
    on later.retrospective_id = after_id
  cross join lateral ops.figure_changes(
    earlier.body -> 'figures', later.body -> 'figures', earlier.watermark <> later.watermark
  ) with ordinality as changes
  where earlier.retrospective_id = before_id
  order by changes.ordinality;
end;

comment on function ops.retrospective_changes(bigint, bigint) is 'Each figure that differs between two written retrospectives, and why, in the order of the later one.';
