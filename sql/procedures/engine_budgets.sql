-- Every budget that points are charged to by any rule, in the order of the lines: two runs never wait for each other in a circle.
create function ops.engine_budgets(run bigint)
returns void
language plpgsql
volatile
as $$
declare
  of_budgets bigint[];
begin
  insert into app.engine_runs (run_id, entries_before)
  select
    run,
    nextval(pg_get_serial_sequence('app.points_entries', 'id'));

  if not exists (
    select
    from app.engine_rules
    where engine_rules.run_id = run
      and engine_rules.budget_id is not null
      and engine_rules.account = 'points'
  ) then
    return;
  end if;

  select array_agg(distinct charged.budget_id)
  into of_budgets
  from (
    select (programme_versions.body ->> 'budget_id')::bigint as budget_id
    from app.programme_versions
    where programme_versions.resource = 'earn_rules'
    union all
    select campaigns.budget_id
    from app.campaigns
    where exists (
      select
      from app.earn_rules
      where earn_rules.campaign_id = campaigns.id
    )
    union all
    select engine_rules.budget_id
    from app.engine_rules
    where engine_rules.run_id = run
  ) as charged
  where charged.budget_id is not null;

  perform
  from app.budget_lines
  where budget_lines.budget_id = any (of_budgets)
  order by budget_lines.id
  for update;

  insert into app.engine_lines (
    run_id, line_id, budget_id, dimension, position, rule_set_id, segment_code, cost_kind, amount, room, stops, status, starts_on, ends_on
  )
  select
    run,
    rooms.*
  from ops.budget_rooms(of_budgets) as rooms;
end;
$$;

comment on function ops.engine_budgets(bigint) is
  'Notes where the movements of a run begin, and locks the lines of the budgets that its rules are charged to until it ends.';
