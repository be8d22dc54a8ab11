-- The set of ops.adjust_points: first come, first served at the budgets, and who is refused does not stop the others.
create function ops.give_points(asked jsonb, at timestamptz)
returns table (
  grant_id bigint,
  customer_id bigint,
  adjustment_id bigint,
  refusal text
)
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  on_day constant date := (select (give_points.at at time zone settings.time_zone)::date from app.settings);
  each_costs constant numeric := coalesce((
    select (programme_versions.body ->> 'point_value')::numeric
    from app.programme_versions
    where programme_versions.resource = 'points_policies'
      and programme_versions.effective_from_at <= give_points.at
    order by programme_versions.effective_from_at desc, programme_versions.id desc
    limit 1
  ), 0);
  of_budgets bigint[];
begin
  if asked is null then
    return;
  end if;

  select array_agg(distinct given.budget_id)
  into of_budgets
  from jsonb_to_recordset(asked) as given (budget_id bigint)
  where given.budget_id is not null
    and each_costs > 0;

  perform
  from app.budget_lines
  where budget_lines.budget_id = any (of_budgets)
  order by budget_lines.id
  for update;

  return query
  with claims as materialized (
    select
      given.*,
      nextval(pg_get_serial_sequence('app.points_adjustments', 'id')) as adjustment_id
    from rows from (
      jsonb_to_recordset(asked) as (
        grant_id bigint, customer_id bigint, points bigint, reason text, budget_id bigint, cost_kind text
      )
    ) with ordinality as given (grant_id, customer_id, points, reason, budget_id, cost_kind, place)
  ),

  answers as materialized (
    select said.*
    from (
      select
        array_agg(claims.place::integer order by claims.place) as places,
        array_agg(claims.budget_id order by claims.place) as budget_ids,
        array_agg(claims.customer_id order by claims.place) as customer_ids,
        array_agg(claims.cost_kind order by claims.place) as cost_kinds,
        array_agg(on_day order by claims.place) as days,
        array_agg((claims.points * each_costs)::numeric(14, 2) order by claims.place) as amounts,
        array_agg(null::bigint) as kept
      from claims
      where claims.budget_id = any (of_budgets)
    ) as asking
    cross join lateral ops.budget_answers(
      asking.places, asking.budget_ids, asking.customer_ids, asking.cost_kinds, asking.days, asking.amounts, asking.kept,
      (select jsonb_agg(to_jsonb(rooms)) from ops.budget_rooms(of_budgets) as rooms)
    ) as said
    where of_budgets is not null
  ),

  written as (
    insert into app.points_adjustments (
      customer_id, id, points, reason, adjusted_at, budget_id, cost_kind, segment_line_id, kind_line_id, point_value
    )
    select
      claims.customer_id,
      claims.adjustment_id,
      claims.points,
      claims.reason,
      give_points.at,
      case when answers.place is not null then claims.budget_id end,
      case when answers.place is not null then claims.cost_kind end,
      answers.segment_line_id,
      answers.kind_line_id,
      case when answers.place is not null then each_costs end
    from claims
    left join answers
      on answers.place = claims.place
    where answers.reason is null
    order by claims.place
    returning points_adjustments.id
  )

  select
    claims.grant_id,
    claims.customer_id,
    written.id,
    answers.reason
  from claims
  left join answers
    on answers.place = claims.place
  left join written
    on written.id = claims.adjustment_id
  order by claims.place;
end;
$$;

comment on function ops.give_points(jsonb, timestamptz) is
  'Notes points that the programme gives beside its earn rules: [{grant_id, customer_id, points, reason, budget_id, cost_kind}]. Each is
noted for the engine once its budget (null: none) has room for what it costs, or refused with the reason of the budget.';
