create function ops.post_community_plans(as_of date, at_time timestamptz)
returns integer
language sql
volatile
begin atomic
  select count(
    ops.post_in_community(
      due.community_id, due.template_id, 'community:' || due.code, due.plan_id || ' ' || due.on_day, due.title, due.at_time
    )
  )::integer
  from (
    select
      communities.id as community_id,
      communities.code,
      plans.id as plan_id,
      plans.template_id,
      plans.title,
      times.starts_on as on_day,
      (times.starts_on + plans.at_time::time) at time zone settings.time_zone as at_time
    from app.communities
    inner join app.community_plans as plans
      on plans.community_id = communities.id
    cross join app.settings
    cross join lateral ops.occurrences(
      plans.starts_on, plans.starts_on, plans.repeat, plans.repeat_interval, plans.repeat_weekdays, plans.repeat_until,
      as_of - 1, as_of
    ) as times
    where communities.status = 'active'
    order by communities.id, plans.id, times.starts_on
  ) as due
  where due.at_time <= post_community_plans.at_time
    and due.at_time > post_community_plans.at_time - interval '1 day';
end;

comment on function ops.post_community_plans(date, timestamptz) is
  'Posts what the calendars of communities have for the time up to a moment, each once. Returns how many were posted.';
