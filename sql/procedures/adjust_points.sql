-- Under the lock on the account: what the budget answers holds until the points are booked in the same transaction.
create function ops.adjust_points(
  customer bigint, given bigint, why text, by_user_id bigint, of_budget_id bigint, of_cost_kind text, at_time timestamptz
)
returns bigint
language plpgsql
volatile
as $$
declare
  each_costs numeric := (
    select (programme_versions.body ->> 'point_value')::numeric
    from app.programme_versions
    where programme_versions.resource = 'points_policies'
      and programme_versions.effective_from_at <= at_time
    order by programme_versions.effective_from_at desc, programme_versions.id desc
    limit 1
  );
  said record;
  adjusted_id bigint;
begin
  if of_budget_id is not null and given < 0 then
    raise exception '扣减积分不计入预算 | What is taken is charged to no budget' using errcode = 'EG422', column = 'budget_id';
  end if;
  if of_budget_id is null or coalesce(each_costs, 0) = 0 then
    insert into app.points_adjustments (customer_id, points, reason, adjusted_at, adjusted_by)
    values (customer, given, why, at_time, by_user_id)
    returning points_adjustments.id into adjusted_id;
    return adjusted_id;
  end if;

  perform
  from app.budget_lines
  where budget_lines.budget_id = of_budget_id
  order by budget_lines.id
  for update;

  select
    answers.reason,
    answers.segment_line_id,
    answers.kind_line_id
  into said
  from ops.budget_answers(
    array[1], array[of_budget_id], array[customer], array[of_cost_kind],
    array[(select (at_time at time zone settings.time_zone)::date from app.settings)], array[given * each_costs],
    array[null::bigint],
    (select jsonb_agg(to_jsonb(rooms)) from ops.budget_rooms(array[of_budget_id]) as rooms)
  ) as answers;

  if said.reason is not null then
    raise exception '预算不足或不可用，未发放 | There is no budget for it now'
      using errcode = 'EG422', column = 'budget_id', detail = said.reason;
  end if;

  insert into app.points_adjustments (
    customer_id, points, reason, adjusted_at, adjusted_by, budget_id, cost_kind, segment_line_id, kind_line_id, point_value
  )
  values (
    customer, given, why, at_time, by_user_id, of_budget_id, of_cost_kind, said.segment_line_id, said.kind_line_id, each_costs
  )
  returning points_adjustments.id into adjusted_id;
  return adjusted_id;
end;
$$;

comment on function ops.adjust_points(bigint, bigint, text, bigint, bigint, text, timestamptz) is
  'Notes points that staff give or take, once the budget named (null: none) has room for what they cost; EG422 at budget_id otherwise,
with the reason as detail. The engine gives them.';
