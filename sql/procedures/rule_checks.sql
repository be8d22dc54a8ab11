-- What ops.engine_earn asks of a rule before it gives anything, asked one by one; what a condition says is asked beside it
-- (api/engine/condition-parts.ts). A test holds this and what the engine does together.
create function ops.rule_checks(run bigint, this_round integer, customer bigint)
returns table (
  rule_version_id bigint,
  rule_id bigint,
  body jsonb,
  active boolean,
  triggered boolean,
  begun boolean,
  not_over boolean,
  on_weekday boolean,
  in_hours boolean,
  in_campaign boolean,
  turned_away text,
  basis_amount numeric
)
language sql
stable
begin atomic
  select
    versions.id,
    versions.record_id,
    versions.body,
    versions.body ->> 'status' = 'active',
    rule.trigger = engine_turns.fact_kind,
    coalesce(engine_turns.occurred_at >= rule.starts_at, true),
    coalesce(engine_turns.occurred_at < rule.ends_at, true),
    coalesce(rule.weekdays, '{}') = '{}' or engine_turns.weekday = any (rule.weekdays),
    coalesce(engine_turns.hour >= rule.from_hour, true) and coalesce(engine_turns.hour < rule.until_hour, true),
    rule.campaign_id is null or ops.campaign_counts(rule.campaign_id, engine_turns.occurred_at, engine_turns.occurred_on),
    case
      when rule.campaign_id is not null then ops.campaign_refusal(
        rule.campaign_id, engine_turns.customer_id, tier_states.tier_id, engine_turns.occurred_on,
        exists (
          select
          from app.engine_audience
          where engine_audience.run_id = rule_checks.run
            and engine_audience.round = rule_checks.this_round
            and engine_audience.customer_id = engine_turns.customer_id
            and engine_audience.campaign_id = rule.campaign_id
        )
      )
    end,
    case
      when engine_turns.fact_kind <> 'order' then null
      when coalesce(rule.scope, 'all') = 'all' then engine_turns.amount
      else ops.engine_basis(
        engine_turns.customer_id, engine_turns.order_id, rule.scope, coalesce(rule.categories, '{}'), coalesce(rule.products, '{}')
      )
    end
  from app.engine_turns
  inner join base.programme_versions as versions
    on versions.resource = 'earn_rules'
    and versions.body is not null
    and engine_turns.occurred_at >= versions.effective_from_at
    and (versions.effective_until_at is null or engine_turns.occurred_at < versions.effective_until_at)
  cross join lateral jsonb_to_record(versions.body) as rule (
    trigger text, scope text, categories text[], products bigint[], starts_at timestamptz, ends_at timestamptz, weekdays text[],
    from_hour integer, until_hour integer, campaign_id bigint
  )
  left join app.tier_states
    on tier_states.customer_id = engine_turns.customer_id
    and tier_states.book_id = engine_turns.book_id
  where engine_turns.run_id = rule_checks.run
    and engine_turns.round = rule_checks.this_round
    and engine_turns.customer_id = rule_checks.customer
  order by
    versions.body ->> 'account' desc,
    (versions.body ->> 'priority')::integer,
    versions.record_id;
end;

comment on function ops.rule_checks(bigint, integer, bigint) is
  'One row per earn rule that held at the moment of a customer''s fact of the round: which of the things it asks were so. basis_amount: what of the order it is about.';
