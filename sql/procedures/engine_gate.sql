-- Who is done again (a book other than 0) finds what the gate said the first time: what was refused stays so, what was granted
-- keeps its lines; only what is more than the real book holds is asked for.
create function ops.engine_gate(run bigint, claims jsonb)
returns table (
  place integer,
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
declare
  asked jsonb;
  answers jsonb;
begin
  with given as (
    select *
    from jsonb_to_recordset(claims) as claim (
      place integer, book_id bigint, customer_id bigint, fact_kind text, fact_id bigint, rule_id bigint, rule_version_id bigint, campaign_id bigint,
      budget_id bigint, cost_kind text, on_day date, points bigint, point_value numeric
    )
  )

  select
    jsonb_agg(
      jsonb_build_object(
        'place', given.place,
        'campaign_id', given.campaign_id,
        'budget_id', given.budget_id,
        'customer_id', given.customer_id,
        'cost_kind', coalesce(held.cost_kind, given.cost_kind),
        'on_day', given.on_day,
        'segment_line_id', held.segment_line_id,
        'kind_line_id', held.kind_line_id,
        'points', given.points,
        'held', coalesce(held.issued, 0),
        'known_points', known.points,
        'known_reason', known.reason,
        'point_value', coalesce(held.point_value, given.point_value),
        'amount', greatest(given.points - coalesce(held.issued, 0), 0) * coalesce(held.point_value, given.point_value)
      )
      order by given.place
    )
  into asked
  from given
  left join lateral (
    select
      points_lots.issued,
      points_lots.segment_line_id,
      points_lots.kind_line_id,
      points_lots.point_value,
      of_kind.cost_kind
    from app.points_lots
    inner join app.engine_lines as of_kind
      on of_kind.run_id = run
      and of_kind.line_id = points_lots.kind_line_id
      and of_kind.budget_id = given.budget_id
    where given.book_id <> 0
      and points_lots.book_id = 0
      and points_lots.customer_id = given.customer_id
      and points_lots.origin_kind = given.fact_kind
      and points_lots.origin_id = given.fact_id
      and points_lots.rule_id = given.rule_id
  ) as held
    on true
  left join lateral (
    select
      decisions.points,
      decisions.detail ->> 'reason' as reason
    from app.decisions
    where given.book_id <> 0
      and decisions.book_id = 0
      and decisions.customer_id = given.customer_id
      and decisions.fact_kind = given.fact_kind
      and decisions.fact_id = given.fact_id
      and decisions.rule_version_id = given.rule_version_id
    order by decisions.id desc
    limit 1
  ) as known
    on true;

  select jsonb_agg(to_jsonb(said))
  into answers
  from ops.budget_answers(
    (
      select jsonb_agg(claim.value)
      from jsonb_array_elements(asked) as claim
      where (claim.value ->> 'amount')::numeric > 0
        and claim.value ->> 'known_reason' is null
    ),
    (
      select jsonb_agg(to_jsonb(engine_lines) - 'run_id')
      from app.engine_lines
      where engine_lines.run_id = run
    )
  ) as said;

  update app.engine_lines
  set room = engine_lines.room - taken.amount
  from (
    select
      lines.id,
      sum(claim.amount) as amount
    from jsonb_to_recordset(answers) as said (place integer, reason text, segment_line_id bigint, kind_line_id bigint)
    inner join jsonb_to_recordset(asked) as claim (place integer, amount numeric)
      on claim.place = said.place
    cross join lateral (values (said.segment_line_id), (said.kind_line_id)) as lines (id)
    where said.reason is null
    group by lines.id
  ) as taken
  where engine_lines.run_id = run
    and engine_lines.line_id = taken.id;

  perform ops.stop_campaigns(refused.all_of_them)
  from (
    select jsonb_agg(to_jsonb(said) || jsonb_build_object('campaign_id', claim.campaign_id, 'budget_id', claim.budget_id)) as all_of_them
    from jsonb_to_recordset(answers) as said (place integer, reason text, segment_line_id bigint, kind_line_id bigint)
    inner join jsonb_to_recordset(asked) as claim (place integer, campaign_id bigint, budget_id bigint)
      on claim.place = said.place
    where said.reason = 'budget_exhausted'
  ) as refused
  where refused.all_of_them is not null;

  return query
  select
    claim.place,
    case
      when claim.known_reason is not null then least(claim.points, claim.known_points)
      when said.reason is not null then least(claim.points, claim.held)
      else claim.points
    end,
    coalesce(claim.known_reason, said.reason),
    coalesce(claim.segment_line_id, said.segment_line_id),
    coalesce(claim.kind_line_id, said.kind_line_id),
    claim.point_value
  from jsonb_to_recordset(asked) as claim (
    place integer, points bigint, held bigint, known_points bigint, known_reason text, segment_line_id bigint, kind_line_id bigint,
    point_value numeric
  )
  left join jsonb_to_recordset(answers) as said (place integer, reason text, segment_line_id bigint, kind_line_id bigint)
    on said.place = claim.place;
end;
$$;

comment on function ops.engine_gate(bigint, jsonb) is
  'Asks the budgets of a run for the points of a round: how many are granted, and on which lines, in the order of the places.';
