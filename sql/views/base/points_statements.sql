create view base.points_statements as

with months as (
  select
    points_entries.customer_id,
    date_trunc('month', points_entries.occurred_at at time zone settings.time_zone)::date as month_on,
    case
      when points_entries.kind in ('earn', 'activate') then 'earned'
      when points_entries.kind in ('expire', 'extend') then 'expired'
      when points_entries.kind in ('reverse', 'write_off') or points_entries.fact_kind = 'return' then 'reversed'
      else 'spent'
    end as way,
    -- What it does to the balance: what is available less what is owed.
    case
      when points_entries.to_state = 'available' then points_entries.points
      when points_entries.from_state = 'available' then -points_entries.points
      when points_entries.from_state = 'debt' then -points_entries.points
      when points_entries.to_state = 'debt' then points_entries.points
      else 0
    end as change
  from app.points_entries
  cross join app.settings
  where points_entries.book_id = 0
    and points_entries.account = 'points'
),

sums as (
  select
    months.customer_id,
    months.month_on,
    coalesce(sum(months.change) filter (where months.way = 'earned'), 0)::bigint as earned,
    coalesce(sum(months.change) filter (where months.way = 'spent'), 0)::bigint as spent,
    coalesce(sum(months.change) filter (where months.way = 'expired'), 0)::bigint as expired,
    coalesce(sum(months.change) filter (where months.way = 'reversed'), 0)::bigint as reversed,
    sum(months.change)::bigint as change
  from months
  group by months.customer_id, months.month_on
),

running as (
  select
    sums.*,
    sum(sums.change) over (
      partition by sums.customer_id
      order by sums.month_on
    )::bigint as closing
  from sums
)

select
  running.customer_id * 12000 + (extract(year from running.month_on)::bigint - 1900) * 12 + extract(month from running.month_on)::bigint as id,
  running.customer_id,
  to_char(running.month_on, 'YYYY-MM') as month,
  running.month_on,
  running.closing - running.change as opening,
  running.earned,
  running.spent,
  running.expired,
  running.reversed,
  running.closing
from running;

comment on view base.points_statements is
  'Points statements
One row per customer and month in which points moved: the balance before, what came and went, the balance after. Months without a movement are absent.';
