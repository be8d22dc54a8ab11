-- Who is done again (a book other than 0) finds what the gate said the first time: what was refused stays so, what was granted
-- keeps its lines; only what is more than the real book holds is asked for.
create function ops.engine_gate(
  run bigint, this_round integer, customers bigint[], rule_versions bigint[], wanted bigint[], values_each numeric[]
)
returns table (
  place bigint,
  granted bigint,
  reason text,
  segment_line_id bigint,
  kind_line_id bigint,
  point_value numeric
)
language plpgsql
volatile
strict
as $$
begin
  return query
  with asked as materialized (
    select
      claim.place,
      claim.customer_id,
      claim.points,
      engine_turns.occurred_on,
      engine_rules.campaign_id,
      engine_rules.budget_id,
      coalesce(held.cost_kind, engine_rules.cost_kind) as cost_kind,
      coalesce(held.issued, 0) as held_points,
      held.segment_line_id,
      held.kind_line_id,
      coalesce(held.point_value, claim.point_value) as point_value,
      known.points as known_points,
      known.reason as known_reason,
      case
        when known.reason is null
          then greatest(claim.points - coalesce(held.issued, 0), 0) * coalesce(held.point_value, claim.point_value)
        else 0
      end as amount
    from unnest(customers, rule_versions, wanted, values_each)
      with ordinality as claim (customer_id, rule_version_id, points, point_value, place)
    inner join app.engine_turns
      on engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.customer_id = claim.customer_id
    inner join app.engine_rules
      on engine_rules.run_id = run
      and engine_rules.rule_version_id = claim.rule_version_id
    left join lateral (
      select
        points_lots.issued,
        points_lots.segment_line_id,
        points_lots.kind_line_id,
        points_lots.point_value,
        of_kind.cost_kind
      from app.points_lots
      left join app.engine_lines as of_kind
        on of_kind.run_id = run
        and of_kind.line_id = points_lots.kind_line_id
      where engine_turns.book_id <> 0
        and points_lots.book_id = 0
        and points_lots.customer_id = claim.customer_id
        and points_lots.origin_kind = engine_turns.fact_kind
        and points_lots.origin_id = engine_turns.fact_id
        and points_lots.rule_id = engine_rules.rule_id
        and of_kind.budget_id = engine_rules.budget_id
      offset 0
    ) as held
      on true
    left join lateral (
      select
        decisions.points,
        decisions.detail ->> 'reason' as reason
      from app.decisions
      where engine_turns.book_id <> 0
        and decisions.book_id = 0
        and decisions.customer_id = claim.customer_id
        and decisions.fact_kind = engine_turns.fact_kind
        and decisions.fact_id = engine_turns.fact_id
        and decisions.rule_version_id = claim.rule_version_id
        -- Who was not asked for at all (a campaign was not for them) has no answer.
        and decisions.detail ? 'budget_id'
      order by decisions.id desc
      limit 1
    ) as known
      on true
  ),

  -- Of every claim, in their order, so that none is searched for among the others; whoever needs nothing asks for nothing.
  said as materialized (
    select
      array_agg(answers.reason order by answers.place) as reasons,
      array_agg(answers.segment_line_id order by answers.place) as segment_lines,
      array_agg(answers.kind_line_id order by answers.place) as kind_lines
    from (
      select
        array_agg(asked.place::integer order by asked.place) as places,
        array_agg(asked.budget_id order by asked.place) as budget_ids,
        array_agg(asked.customer_id order by asked.place) as customer_ids,
        array_agg(asked.cost_kind order by asked.place) as cost_kinds,
        array_agg(asked.occurred_on order by asked.place) as days,
        array_agg(asked.amount order by asked.place) as amounts,
        array_agg(asked.segment_line_id order by asked.place) as kept
      from asked
    ) as claims
    cross join lateral ops.budget_answers(
      claims.places, claims.budget_ids, claims.customer_ids, claims.cost_kinds, claims.days, claims.amounts, claims.kept,
      (select jsonb_agg(to_jsonb(engine_lines)) from app.engine_lines where engine_lines.run_id = run)
    ) as answers
  ),

  answered as materialized (
    select
      asked.*,
      case when asked.amount > 0 then said.reasons[asked.place] end as said_reason,
      case when asked.amount > 0 then said.segment_lines[asked.place] end as said_segment_line_id,
      case when asked.amount > 0 then said.kind_lines[asked.place] end as said_kind_line_id
    from asked
    cross join said
  ),

  taken as (
    update app.engine_lines
    set room = engine_lines.room - sums.amount
    from (
      select
        lines.id,
        sum(answered.amount) as amount
      from answered
      cross join lateral (values (answered.said_segment_line_id), (answered.said_kind_line_id)) as lines (id)
      where answered.amount > 0
        and answered.said_reason is null
      group by lines.id
    ) as sums
    where engine_lines.run_id = run
      and engine_lines.line_id = sums.id
  ),

  stopped as materialized (
    select ops.stop_campaigns(refused.all_of_them)
    from (
      select
        jsonb_agg(
          jsonb_build_object(
            'campaign_id', answered.campaign_id,
            'budget_id', answered.budget_id,
            'segment_line_id', answered.said_segment_line_id,
            'kind_line_id', answered.said_kind_line_id
          )
        ) as all_of_them
      from answered
      where answered.said_reason = 'budget_exhausted'
    ) as refused
    where refused.all_of_them is not null
  )

  select
    answered.place,
    case
      when answered.known_reason is not null then least(answered.points, answered.known_points)
      when answered.said_reason is not null then least(answered.points, answered.held_points)
      else answered.points
    end,
    coalesce(answered.known_reason, answered.said_reason),
    coalesce(answered.segment_line_id, answered.said_segment_line_id),
    coalesce(answered.kind_line_id, answered.said_kind_line_id),
    answered.point_value
  from answered
  -- Otherwise nobody would ask for what stops campaigns.
  where (select count(*) from stopped) >= 0;
end;
$$;

comment on function ops.engine_gate(bigint, integer, bigint[], bigint[], bigint[], numeric[]) is
  'Asks the budgets of a run for the points of a round, in the order of the claims (whose, by which rule, how many, at what each):
how many are granted, and on which lines.';
