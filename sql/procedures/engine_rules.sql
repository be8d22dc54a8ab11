create function ops.engine_rules(run bigint)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  insert into app.engine_rules (
    run_id, rule_version_id, rule_id, effective_from_at, effective_until_at, trigger, account, condition, effect, points, per_amount,
    factor, scope, categories, products, starts_at, ends_at, weekdays, from_hour, until_hour, stacking, stack_group, priority,
    max_per_fact, max_per_day, max_per_customer, pending_days, expiry_months, campaign_id, budget_id, cost_kind
  )
  select
    run,
    versions.id,
    versions.record_id,
    versions.effective_from_at,
    versions.effective_until_at,
    rule.trigger,
    rule.account,
    nullif(rule.condition, '{}'),
    rule.effect,
    rule.points,
    rule.per_amount,
    rule.factor,
    coalesce(rule.scope, 'all'),
    coalesce(rule.categories, '{}'),
    coalesce(rule.products, '{}'),
    rule.starts_at,
    rule.ends_at,
    coalesce(rule.weekdays, '{}'),
    rule.from_hour,
    rule.until_hour,
    coalesce(rule.stacking, 'stack'),
    coalesce(rule.stack_group, ''),
    rule.priority,
    rule.max_per_fact,
    rule.max_per_day,
    rule.max_per_customer,
    coalesce(rule.pending_days, 0),
    rule.expiry_months,
    rule.campaign_id,
    coalesce(rule.budget_id, campaigns.budget_id),
    coalesce(rule.cost_kind, 'promotion')
  from base.programme_versions as versions
  cross join lateral jsonb_to_record(versions.body) as rule (
    trigger text, account text, condition jsonb, effect text, points bigint, per_amount numeric, factor numeric, scope text,
    categories text[], products bigint[], starts_at timestamptz, ends_at timestamptz, weekdays text[], from_hour integer,
    until_hour integer, stacking text, stack_group text, priority integer, max_per_fact bigint, max_per_day bigint,
    max_per_customer bigint, pending_days integer, expiry_months integer, campaign_id bigint, budget_id bigint, cost_kind text
  )
  left join app.campaigns
    on campaigns.id = rule.campaign_id
  where versions.resource = 'earn_rules'
    and versions.body ->> 'status' = 'active'
    and exists (
      select
      from app.engine_turns
      where engine_turns.run_id = run
        and engine_turns.fact_kind = rule.trigger
        and engine_turns.occurred_at >= versions.effective_from_at
        and (versions.effective_until_at is null or engine_turns.occurred_at < versions.effective_until_at)
    );
end;
$$;

comment on function ops.engine_rules(bigint) is
  'Lays out for a run the versions of earn rules which its turns meet.';
