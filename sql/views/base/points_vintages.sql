create view base.points_vintages as

with ages as (
  select
    points_vintages.earned_month_on,
    points_vintages.age_months,
    points_vintages.issued_points,
    points_vintages.outstanding_points,
    sum(points_vintages.redeemed_points) over (
      partition by points_vintages.earned_month_on
      order by points_vintages.age_months
    ) as redeemed_points,
    max(points_vintages.age_months) over (partition by points_vintages.earned_month_on) as latest_age
  from app.points_vintages
),

-- From one age to the next, over the months of issue that have reached both: a ratio of sums.
factors as (
  select
    younger.age_months,
    coalesce(sum(older.redeemed_points) / nullif(sum(younger.redeemed_points), 0), 1) as factor
  from ages as younger
  inner join ages as older
    on older.earned_month_on = younger.earned_month_on
    and older.age_months = younger.age_months + 1
  group by younger.age_months
),

grown as (
  select
    ages.earned_month_on,
    ages.latest_age,
    ages.issued_points,
    ages.outstanding_points,
    ages.redeemed_points,
    exp(coalesce(
      (
        select sum(ln(greatest(factors.factor, 0.01)))
        from factors
        where factors.age_months >= ages.latest_age
      ),
      0
    )) as factor
  from ages
  where ages.age_months = ages.latest_age
)

select
  grown.earned_month_on,
  grown.latest_age,
  grown.issued_points,
  grown.redeemed_points::bigint as redeemed_points,
  grown.outstanding_points,
  -- What has expired cannot come back: no more than is left.
  least(
    round(greatest(grown.redeemed_points * (grown.factor - 1), 0)),
    grown.outstanding_points
  )::bigint as expected_points
from grown;

comment on view base.points_vintages is
  'Points by their month of issue
One row per month of issue with an age that is over: what was redeemed so far, and what the course of older months lets expect of the rest (age-to-age factors).';
