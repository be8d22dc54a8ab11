create function ops.trial_store(trial bigint, real_side jsonb, draft_side jsonb, fact_count bigint, took_ms bigint)
returns bigint
language plpgsql
volatile
as $$
declare
  left_over bigint;
begin
  update app.trial_customers
  set
    points_real = was.points,
    points_draft = becomes.points,
    growth_real = was.growth,
    growth_draft = becomes.growth,
    tier_real_id = was.tier_id,
    tier_draft_id = becomes.tier_id
  from jsonb_to_recordset(real_side -> 'customers') as was (customer_id bigint, points bigint, growth bigint, tier_id bigint)
  inner join jsonb_to_recordset(draft_side -> 'customers') as becomes (customer_id bigint, points bigint, growth bigint, tier_id bigint)
    on becomes.customer_id = was.customer_id
  where trial_customers.trial_id = trial
    and trial_customers.customer_id = was.customer_id;

  insert into app.trial_figures (trial_id, side, month_on, tier_id, segment_code, issued, reversed, spent, expired, growth)
  select
    trial,
    sides.side,
    figure.month_on,
    figure.tier_id,
    figure.segment_code,
    figure.issued,
    figure.reversed,
    figure.spent,
    figure.expired,
    figure.growth
  from (values ('real', real_side), ('draft', draft_side)) as sides (side, answer)
  cross join lateral jsonb_to_recordset(sides.answer -> 'figures') as figure (
    month_on date, tier_id bigint, segment_code text, issued bigint, reversed bigint, spent bigint, expired bigint, growth bigint
  )
  on conflict (trial_id, side, month_on, tier_id, segment_code) do update
  set
    issued = trial_figures.issued + excluded.issued,
    reversed = trial_figures.reversed + excluded.reversed,
    spent = trial_figures.spent + excluded.spent,
    expired = trial_figures.expired + excluded.expired,
    growth = trial_figures.growth + excluded.growth;

  select count(*) filter (where trial_customers.points_draft is null)
  into left_over
  from app.trial_customers
  where trial_customers.trial_id = trial;

  update app.trials
  set
    done = trials.sampled - left_over,
    facts = trials.facts + fact_count,
    worked_ms = trials.worked_ms + took_ms,
    state = case when left_over = 0 then 'done' else trials.state end,
    finished_at = case when left_over = 0 then clock_timestamp() end
  where trials.id = trial
    and trials.state = 'running';

  return left_over;
end;
$$;

comment on function ops.trial_store(bigint, jsonb, jsonb, bigint, bigint) is
  'Keeps what a part of a trial''s customers came to (ops.trial_outcome of both books); returns how many are still to be worked.';
