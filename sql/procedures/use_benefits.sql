-- The accounts of the customers are locked first, so that nobody else uses up the same; budget lines come after them.
create function ops.use_benefits(run bigint)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  minutes integer := (select points_policies.reserve_minutes from app.points_policies);
  terms jsonb;
  lost bigint[];
begin
  perform
  from app.points_accounts
  where points_accounts.book_id = 0
    and points_accounts.customer_id in (
      select benefit_asks.customer_id
      from app.benefit_asks
      where benefit_asks.run_id = run
    )
  order by points_accounts.customer_id
  for update;

  -- Looked up one by one: keys of one kind are few until they are many, and plans would read them all.
  update app.benefit_asks
  set
    answer = 'replayed',
    use_id = known.fact_id
  from app.benefit_asks as asks
  cross join lateral (
    select fact_keys.fact_id
    from app.fact_keys
    where fact_keys.source = asks.source
      and fact_keys.kind = 'benefit_use'
      and fact_keys.external_id = asks.external_id
    limit 1
  ) as known
  where benefit_asks.run_id = run
    and asks.run_id = run
    and asks.customer_id = benefit_asks.customer_id
    and asks.benefit_id = benefit_asks.benefit_id;

  -- What ends first is used first; of two that end together the one of a package.
  update app.benefit_asks
  set
    use_id = nextval('app.benefit_uses_id_seq'),
    grant_id = picked.grant_id,
    period_from = picked.period_from
  from app.benefit_asks as asks
  cross join lateral (
    select
      quotas.grant_id,
      quotas.period_from
    from app.benefit_quotas as quotas
    where quotas.customer_id = asks.customer_id
      and quotas.benefit_id = asks.benefit_id
      and quotas.usable_from <= (asks.asked_at at time zone zone)::date
      and coalesce(quotas.usable_until > (asks.asked_at at time zone zone)::date, true)
      and (quotas.quota is null or quotas.used + quotas.reserved < quotas.quota + quotas.carried_over)
      -- What was left has been taken along already.
      and not exists (
        select
        from app.benefit_quotas as later
        where later.customer_id = quotas.customer_id
          and later.benefit_id = quotas.benefit_id
          and later.period_from = quotas.period_until
          and (later.grant_id = 0) = (quotas.grant_id = 0)
          and later.carried_over > 0
      )
    order by
      quotas.usable_until nulls last,
      quotas.grant_id desc
    limit 1
  ) as picked
  where benefit_asks.run_id = run
    and benefit_asks.answer is null
    and asks.run_id = run
    and asks.customer_id = benefit_asks.customer_id
    and asks.benefit_id = benefit_asks.benefit_id;

  update app.benefit_asks
  set
    answer = 'refused',
    reason = ops.benefit_refusal(run, benefit_asks.customer_id, benefit_asks.benefit_id, benefit_asks.asked_at)
  where benefit_asks.run_id = run
    and benefit_asks.answer is null
    and benefit_asks.use_id is null;

  with asks as (
    select
      array_agg(benefit_asks.use_id order by benefit_asks.use_id) as uses,
      array_agg(benefit_asks.benefit_id order by benefit_asks.use_id) as benefits,
      array_agg(benefit_quotas.version_id order by benefit_asks.use_id) as versions,
      array_agg(benefit_asks.asked_at order by benefit_asks.use_id) as moments
    from app.benefit_asks
    inner join app.benefit_quotas
      on benefit_quotas.customer_id = benefit_asks.customer_id
      and benefit_quotas.benefit_id = benefit_asks.benefit_id
      and benefit_quotas.grant_id = benefit_asks.grant_id
      and benefit_quotas.period_from = benefit_asks.period_from
    where benefit_asks.run_id = run
      and benefit_asks.answer is null
  )

  select jsonb_agg(to_jsonb(benefit_terms) || jsonb_build_object('use_id', asks.uses[benefit_terms.place]))
  into terms
  from asks
  cross join lateral ops.benefit_terms(asks.benefits, asks.versions, asks.moments) as benefit_terms;

  -- The budget is asked under the number of the use, so that another attempt is another question.
  if exists (
    select
    from jsonb_to_recordset(terms) as held (budget_id bigint, unit_cost numeric)
    where held.budget_id is not null
      and held.unit_cost > 0
  ) then
    update app.benefit_asks
    set
      answer = 'refused',
      reason = answers.reason
    from ops.reserve_budgets((
      select jsonb_agg(
        jsonb_build_object(
          'budget_id', held.budget_id,
          'customer_id', asks.customer_id,
          'cost_kind', held.cost_kind,
          'amount', held.unit_cost,
          'source_kind', 'benefit',
          'source_key', asks.use_id::text,
          'at', asks.asked_at
        )
        order by asks.asked_at, asks.customer_id, asks.benefit_id
      )
      from app.benefit_asks as asks
      inner join jsonb_to_recordset(terms) as held (use_id bigint, budget_id bigint, cost_kind text, unit_cost numeric)
        on held.use_id = asks.use_id
      where asks.run_id = run
        and asks.answer is null
        and held.budget_id is not null
        and held.unit_cost > 0
    )) as answers
    where benefit_asks.run_id = run
      and benefit_asks.answer is null
      and answers.source_key = benefit_asks.use_id::text
      and not answers.granted;
  end if;

  insert into app.benefit_refusals (customer_id, source, external_id, benefit_id, version_id, asked_at, reason)
  select
    asks.customer_id,
    asks.source,
    asks.external_id,
    asks.benefit_id,
    benefit_versions.version_id,
    asks.asked_at,
    asks.reason
  from app.benefit_asks as asks
  left join base.benefit_versions
    on benefit_versions.benefit_id = asks.benefit_id
    and benefit_versions.effective_from_at <= asks.asked_at
    and coalesce(benefit_versions.effective_until_at > asks.asked_at, true)
  where asks.run_id = run
    and asks.answer = 'refused'
  order by asks.asked_at;

  insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
  select
    asks.source,
    'benefit_use',
    asks.external_id,
    asks.customer_id,
    asks.use_id
  from app.benefit_asks as asks
  where asks.run_id = run
    and asks.answer is null
  order by
    asks.source,
    asks.external_id
  on conflict (source, kind, external_id) do nothing;

  -- Somebody else came first with the same number for another customer: theirs is the answer.
  with met as (
    update app.benefit_asks
    set
      answer = 'replayed',
      use_id = known.fact_id
    from app.benefit_asks as asks
    cross join lateral (
      select fact_keys.fact_id
      from app.fact_keys
      where fact_keys.source = asks.source
        and fact_keys.kind = 'benefit_use'
        and fact_keys.external_id = asks.external_id
      limit 1
    ) as known
    where asks.run_id = run
      and asks.answer is null
      and known.fact_id <> asks.use_id
      and benefit_asks.run_id = run
      and benefit_asks.customer_id = asks.customer_id
      and benefit_asks.benefit_id = asks.benefit_id
    returning asks.use_id
  )

  select array_agg(met.use_id)
  into lost
  from met;

  perform ops.settle_budget_holds('benefit', array(select unnest(lost)::text), 'released', now())
  where lost is not null;

  insert into app.benefit_uses (
    customer_id, id, source, external_id, benefit_id, grant_id, period_from, package_id, version_id, status, fulfilment, owner_role,
    code, used_at, used_on, reserved_until_at, confirmed_at, due_at, fulfilled_at, unit_cost, note
  )
  select
    asks.customer_id,
    asks.use_id,
    asks.source,
    asks.external_id,
    asks.benefit_id,
    asks.grant_id,
    asks.period_from,
    benefit_grants.package_id,
    held.version_id,
    case when asks.reserve then 'reserved' when held.at_once then 'done' else 'waiting' end,
    held.fulfilment,
    held.owner_role,
    case when held.fulfilment = 'code' and held.at_once and not asks.reserve then ops.new_code(held.code_pattern) end,
    asks.asked_at,
    (asks.asked_at at time zone zone)::date,
    case when asks.reserve then asks.asked_at + make_interval(mins => minutes) end,
    case when not asks.reserve then asks.asked_at end,
    case when not asks.reserve and not held.at_once then asks.asked_at + make_interval(hours => held.handle_hours) end,
    case when not asks.reserve and held.at_once then asks.asked_at end,
    held.unit_cost,
    asks.note
  from app.benefit_asks as asks
  inner join jsonb_to_recordset(terms) as held (
    use_id bigint, version_id bigint, fulfilment text, at_once boolean, owner_role text, handle_hours integer, unit_cost numeric,
    code_pattern text
  )
    on held.use_id = asks.use_id
  left join app.benefit_grants
    on benefit_grants.customer_id = asks.customer_id
    and benefit_grants.id = asks.grant_id
  where asks.run_id = run
    and asks.answer is null
  order by asks.use_id;

  update app.benefit_quotas
  set
    used = benefit_quotas.used + case when asks.reserve then 0 else 1 end,
    reserved = benefit_quotas.reserved + case when asks.reserve then 1 else 0 end
  from app.benefit_asks as asks
  where asks.run_id = run
    and asks.answer is null
    and benefit_quotas.customer_id = asks.customer_id
    and benefit_quotas.benefit_id = asks.benefit_id
    and benefit_quotas.grant_id = asks.grant_id
    and benefit_quotas.period_from = asks.period_from;

  perform ops.spend_benefit_uses(array_agg(asks.use_id), now())
  from app.benefit_asks as asks
  where asks.run_id = run
    and asks.answer is null
    and not asks.reserve;

  update app.benefit_asks
  set answer = 'accepted'
  where benefit_asks.run_id = run
    and benefit_asks.answer is null;
end;
$$;

comment on function ops.use_benefits(bigint) is
  'Answers what is asked for in app.benefit_asks: accepted (used, or reserved for the minutes of the points policy), replayed (the same source
and number came before) or refused with its reason. What is open is used; what is not, is refused.';
