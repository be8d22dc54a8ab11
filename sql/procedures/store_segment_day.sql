create function ops.store_segment_day(rule_set_version_id bigint, as_of date)
returns void
language sql
volatile
begin atomic
  with version as (
    select
      segment_rule_set_versions.rule_set_id,
      segment_rule_set_versions.rules
    from app.segment_rule_set_versions
    where segment_rule_set_versions.id = store_segment_day.rule_set_version_id
  ),

  codes as (
    select rules.value ->> 'code' as segment_code
    from version
    cross join jsonb_array_elements(version.rules) as rules (value)
    union
    select 'other' as segment_code
  ),

  sizes as (
    select
      segment_assignments.segment_code,
      count(*) as customer_count,
      sum(segment_assignments.order_count) as order_count,
      sum(segment_assignments.net_amount) as net_amount
    from app.segment_assignments
    group by segment_assignments.segment_code
  ),

  snapshot as (
    insert into app.segment_snapshots (rule_set_id, as_of_on, rule_set_version_id, customer_count)
    select
      version.rule_set_id,
      as_of,
      store_segment_day.rule_set_version_id,
      (select coalesce(sum(sizes.customer_count), 0) from sizes)
    from version
    on conflict (rule_set_id, as_of_on) do update set
      rule_set_version_id = excluded.rule_set_version_id,
      customer_count = excluded.customer_count,
      stale = false,
      computed_at = now()
  ),

  gone as (
    delete from app.segment_day
    using version
    where segment_day.rule_set_id = version.rule_set_id
      and segment_day.as_of_on = as_of
      and segment_day.segment_code not in (select codes.segment_code from codes)
  )

  insert into app.segment_day (rule_set_id, as_of_on, segment_code, customer_count, order_count, net_amount)
  select
    version.rule_set_id,
    as_of,
    codes.segment_code,
    coalesce(sizes.customer_count, 0),
    coalesce(sizes.order_count, 0),
    coalesce(sizes.net_amount, 0)
  from version
  cross join codes
  left join sizes
    on sizes.segment_code = codes.segment_code
  on conflict (rule_set_id, as_of_on, segment_code) do update set
    customer_count = excluded.customer_count,
    order_count = excluded.order_count,
    net_amount = excluded.net_amount;
end;

comment on function ops.store_segment_day(bigint, date) is
  'Records that the rule set was computed for the day, and the size of each of its segments, empty ones and ''other'' included,
from app.segment_assignments.';
