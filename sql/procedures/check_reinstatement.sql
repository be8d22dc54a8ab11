-- Expired points gave their money back. To bring them back is to grant it once more.
create function ops.check_reinstatement(customer bigint, expiring_until_on date, until_on date, at timestamptz)
returns void
language plpgsql
volatile
as $$
declare
  lacking record;
begin
  perform
  from app.budget_lines
  where budget_lines.id in (
    select unnest(array[points_lots.segment_line_id, points_lots.kind_line_id])
    from app.points_lots
    where points_lots.book_id = 0
      and points_lots.customer_id = check_reinstatement.customer
      and points_lots.expired > 0
      and points_lots.segment_line_id is not null
  )
  order by budget_lines.id
  for update;

  with wanted as (
    select
      lines.id,
      sum(points_lots.expired * points_lots.point_value) as amount
    from app.points_lots
    cross join app.settings
    left join app.points_policies
      on points_policies.id = 1
    cross join lateral (values (points_lots.segment_line_id), (points_lots.kind_line_id)) as lines (id)
    where points_lots.book_id = 0
      and points_lots.customer_id = check_reinstatement.customer
      and points_lots.account = 'points'
      and points_lots.expired > 0
      and points_lots.segment_line_id is not null
      and points_lots.expires_at <= (check_reinstatement.expiring_until_on + 1)::timestamp at time zone settings.time_zone
      and points_lots.expires_at < (check_reinstatement.until_on + 1)::timestamp at time zone settings.time_zone
      and points_lots.expires_at > check_reinstatement.at - make_interval(days => points_policies.reinstate_days)
    group by lines.id
  )

  select
    budgets.name,
    budgets.name_en,
    rooms.status
  into lacking
  from wanted
  inner join app.budget_lines
    on budget_lines.id = wanted.id
  inner join app.budgets
    on budgets.id = budget_lines.budget_id
  inner join ops.budget_rooms(array(
    select distinct of_lines.budget_id
    from wanted as of_wanted
    inner join app.budget_lines as of_lines
      on of_lines.id = of_wanted.id
  )) as rooms
    on rooms.line_id = wanted.id
  where rooms.status <> 'active'
    or (rooms.stops and wanted.amount > rooms.room)
  order by wanted.id
  limit 1;

  if found then
    raise exception '恢复已过期的积分需要预算“%”有余额 | To bring back what expired needs money in the budget “%”', lacking.name, lacking.name_en
      using
        errcode = 'EG409',
        detail = case when lacking.status = 'active' then 'budget_exhausted' else 'budget_not_active' end,
        hint = '请先调拨预算 | Move money first';
  end if;
end;
$$;

comment on function ops.check_reinstatement(bigint, date, date, timestamptz) is
  'Refuses (EG409) an extension that brings back expired points for which their budget has no room any more; locks its lines until then.';
