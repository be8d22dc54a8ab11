-- Like a package it costs when it is used; whether the budget could still pay for what is promised is asked now.
create function ops.automation_benefit(customers bigint[], keys text[], step jsonb, at_time timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  today constant date := (select (at_time at time zone settings.time_zone)::date from app.settings);
  held record;
  asks boolean;
  everyone text;
  answers jsonb;
begin
  select
    benefit_versions.*,
    least(today + (step ->> 'benefit_days')::integer, benefit_versions.ends_on + 1) as until_on
  into held
  from base.benefit_versions
  where benefit_versions.benefit_id = (step ->> 'benefit_id')::bigint
    and benefit_versions.effective_from_at <= at_time
    and coalesce(benefit_versions.effective_until_at > at_time, true);
  everyone := case
    when held.version_id is null or held.status <> 'active' or held.by_package_only then 'not_active'
    when held.starts_on > today then 'not_started'
    when held.ends_on < today then 'expired'
  end;
  asks := everyone is null and held.budget_id is not null and held.unit_cost > 0;
  if asks then
    perform
    from app.budget_lines
    where budget_lines.budget_id = held.budget_id
    order by budget_lines.id
    for update;
  end if;

  with asked as materialized (
    select
      given.*,
      case
        when everyone is not null then everyone
        when exists (
          select
          from app.benefit_quotas
          where benefit_quotas.customer_id = given.customer_id
            and benefit_quotas.benefit_id = held.benefit_id
            and benefit_quotas.grant_id = 0
            and (
              benefit_quotas.period_from = today
              or (
                coalesce(benefit_quotas.usable_until > today, true)
                and coalesce(benefit_quotas.used + benefit_quotas.reserved < benefit_quotas.quota + benefit_quotas.carried_over, true)
              )
            )
        ) then 'duplicate'
      end as known
    from unnest(automation_benefit.customers, automation_benefit.keys) with ordinality as given (customer_id, key, place)
  ),

  claims as materialized (
    select
      array_agg(asked.place::integer order by asked.place) as places,
      array_agg(asked.customer_id order by asked.place) as customers,
      count(*)::integer as size
    from asked
    where asks
      and asked.known is null
  ),

  judged as materialized (
    select
      asked.customer_id,
      asked.key,
      coalesce(asked.known, said.reason) as reason
    from asked
    left join (
      select
        said.place,
        said.reason
      from claims
      cross join lateral ops.budget_answers(
        claims.places, array_fill(held.budget_id, array[claims.size]), claims.customers, array_fill(held.cost_kind, array[claims.size]),
        array_fill(today, array[claims.size]), array_fill(held.unit_cost * coalesce(held.quota, 1), array[claims.size]),
        array_fill(null::bigint, array[claims.size]),
        (select jsonb_agg(to_jsonb(rooms)) from ops.budget_rooms(array[held.budget_id]) as rooms)
      ) as said
      where claims.size > 0
    ) as said
      on said.place = asked.place
  ),

  opened as (
    insert into app.benefit_quotas (
      customer_id, benefit_id, grant_id, period_from, version_id, tier_id, period_until, usable_from, usable_until, quota, remind_on
    )
    select
      judged.customer_id,
      held.benefit_id,
      0,
      today,
      held.version_id,
      tier_states.tier_id,
      held.until_on,
      today,
      held.until_on,
      held.quota,
      case when held.quota is not null then held.until_on - held.remind_days end
    from judged
    left join app.tier_states
      on tier_states.book_id = 0
      and tier_states.customer_id = judged.customer_id
    where judged.reason is null
    order by judged.customer_id
    on conflict (customer_id, benefit_id, grant_id, period_from) do nothing
    returning benefit_quotas.customer_id, benefit_quotas.id
  )

  select jsonb_agg(
    jsonb_build_object(
      'key', judged.key, 'outcome', case when opened.id is null then 'refused' else 'done' end,
      'reason', case when opened.id is null then coalesce(judged.reason, 'duplicate') end, 'made_id', opened.id
    )
  )
  into answers
  from judged
  left join opened
    on opened.customer_id = judged.customer_id
    and judged.reason is null;
  return answers;
end;
$$;

comment on function ops.automation_benefit(bigint[], text[], jsonb, timestamptz) is
  'Opens a benefit for customers by name, its quota once within the days of the step, whatever tier or segment it is otherwise for. Refused where it is not given
out, where somebody has it by themselves already, or where its budget could not pay for it. Returns what was said to each.';
