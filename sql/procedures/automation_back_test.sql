-- Whoever could enter again enters at the first time that the policy allows, as they would have day by day.
create function ops.automation_back_test(settings jsonb, as_of date, months integer, work bigint)
returns table (month date, entered bigint, held_out bigint)
language sql
stable
begin atomic
  with recursive asked as materialized (
    select
      given.*,
      case given.reentry when 'once' then 100000 when 'after_days' then coalesce(given.reentry_days, 1) else 0 end as pause
    from jsonb_to_record(automation_back_test.settings) as given (
      id bigint, reentry text, reentry_days integer, holdout_rate numeric, campaign_id bigint
    )
  ),

  allowed as materialized (
    select
      chances.customer_id,
      chances.on_day
    from ops.automation_chances(automation_back_test.settings, automation_back_test.as_of, automation_back_test.months) as chances
    where automation_back_test.work is null

    union all

    -- What is left of them after the further condition was asked.
    select
      automation_entrants.customer_id,
      automation_entrants.trigger_key::date
    from app.automation_entrants
    where automation_entrants.work_id = automation_back_test.work
      and automation_entrants.matches
  ),

  entries as (
    select
      allowed.customer_id,
      min(allowed.on_day) as on_day
    from allowed
    group by allowed.customer_id
    union all
    select
      entries.customer_id,
      next_times.on_day
    from entries
    cross join asked
    cross join lateral (
      select allowed.on_day
      from allowed
      where allowed.customer_id = entries.customer_id
        and allowed.on_day > entries.on_day
        and allowed.on_day >= entries.on_day + asked.pause
      order by allowed.on_day
      limit 1
    ) as next_times
  )

  select
    date_trunc('month', entries.on_day::timestamp)::date,
    count(*) filter (where not drawn.out),
    count(*) filter (where drawn.out)
  from entries
  cross join asked
  cross join lateral (
    select
      coalesce(asked.holdout_rate, 0) > 0
      and ops.campaign_draw(coalesce(asked.campaign_id, -asked.id, 0), entries.customer_id) < asked.holdout_rate as out
  ) as drawn
  group by 1;
end;

comment on function ops.automation_back_test(jsonb, date, integer, bigint) is
  'How many customers would have entered an automation with these settings in each of the last months, and how many of a share held out; of the
chances in app.automation_entrants of a work where one is named, else of all that ops.automation_chances finds.';
