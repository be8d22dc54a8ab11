create function ops.automation_points(customers bigint[], keys text[], points bigint, body jsonb, at_time timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  paid_by constant bigint := (body ->> 'budget_id')::bigint;
  kind constant text := coalesce(body ->> 'cost_kind', 'promotion');
  each_costs numeric := (
    select (programme_versions.body ->> 'point_value')::numeric
    from app.programme_versions
    where programme_versions.resource = 'points_policies'
      and programme_versions.effective_from_at <= at_time
    order by programme_versions.effective_from_at desc, programme_versions.id desc
    limit 1
  );
  asks constant boolean := paid_by is not null and coalesce(each_costs, 0) > 0;
  answers jsonb;
begin
  if asks then
    perform
    from app.budget_lines
    where budget_lines.budget_id = paid_by
    order by budget_lines.id
    for update;
  end if;

  with asked as (
    select
      given.*,
      said.reason,
      said.segment_line_id,
      said.kind_line_id
    from unnest(automation_points.customers, automation_points.keys) with ordinality as given (customer_id, key, place)
    left join ops.budget_answers(
      array(select generate_series(1, cardinality(automation_points.customers))),
      array(select paid_by from generate_series(1, cardinality(automation_points.customers))),
      automation_points.customers,
      array(select kind from generate_series(1, cardinality(automation_points.customers))),
      array(select (at_time at time zone zone)::date from generate_series(1, cardinality(automation_points.customers))),
      array(select automation_points.points * each_costs from generate_series(1, cardinality(automation_points.customers))),
      array(select null::bigint from generate_series(1, cardinality(automation_points.customers))),
      (select jsonb_agg(to_jsonb(rooms)) from ops.budget_rooms(array[paid_by]) as rooms)
    ) as said
      on asks
      and said.place = given.place
  ),

  made as (
    insert into app.points_adjustments (
      customer_id, points, reason, adjusted_at, budget_id, cost_kind, segment_line_id, kind_line_id, point_value
    )
    select
      asked.customer_id,
      automation_points.points,
      left(body ->> 'name', 200),
      at_time,
      case when asks then paid_by end,
      case when asks then kind end,
      asked.segment_line_id,
      asked.kind_line_id,
      case when asks then each_costs end
    from asked
    where asked.reason is null
    order by asked.customer_id
    returning points_adjustments.customer_id, points_adjustments.id
  )

  select jsonb_agg(
    jsonb_build_object(
      'key', asked.key, 'outcome', case when asked.reason is null then 'done' else 'refused' end, 'reason', asked.reason,
      'made_id', made.id
    )
  )
  into answers
  from asked
  left join made
    on made.customer_id = asked.customer_id;
  return answers;
end;
$$;

comment on function ops.automation_points(bigint[], text[], bigint, jsonb, timestamptz) is
  'Gives each customer points as an adjustment, through the budget of the automation where it names one; the engine books them. Returns what was said to each.';
