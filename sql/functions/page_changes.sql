create function report.page_changes(month_on date)
returns table (
  page_code text,
  page_name text,
  page_name_en text,
  before_visits bigint,
  visits bigint,
  before_click_rate numeric,
  click_rate numeric,
  click_rate_low numeric,
  click_rate_high numeric,
  clicks bigint,
  before_rage_rate numeric,
  rage_rate numeric,
  before_dead_rate numeric,
  dead_rate numeric,
  before_half_rate numeric,
  half_rate numeric,
  before_end_rate numeric,
  end_rate numeric,
  before_claims bigint,
  claims bigint
)
language sql
stable
begin atomic
  with months as (
    select
      (page_changes.month_on - interval '1 month')::date as before_on,
      page_changes.month_on as from_on,
      (page_changes.month_on + interval '1 month')::date as until_on
  ),

  clicked as (
    select
      page_click_days.page_code,
      page_click_days.seen_on < months.from_on as earlier,
      sum(page_click_days.visit_count) as visits,
      sum(page_click_days.clicking_visit_count) as clicking,
      sum(page_click_days.click_count) as clicks,
      sum(page_click_days.rage_count) as rage,
      sum(page_click_days.dead_count) as dead
    from report.page_click_days
    inner join months
      on page_click_days.seen_on >= months.before_on
      and page_click_days.seen_on < months.until_on
    group by 1, 2
  ),

  scrolled as (
    select
      scroll_days.page_code,
      scroll_days.seen_on < months.from_on as earlier,
      sum(scroll_days.visit_count) as visits,
      sum(scroll_days.visit_count) filter (where scroll_days.depth_tenths >= 5) as half,
      sum(scroll_days.visit_count) filter (where scroll_days.depth_tenths = 10) as whole
    from report.scroll_days
    inner join months
      on scroll_days.seen_on >= months.before_on
      and scroll_days.seen_on < months.until_on
    group by 1, 2
  ),

  claimed as (
    select
      page_claim_days.page_code,
      page_claim_days.claimed_on < months.from_on as earlier,
      sum(page_claim_days.claim_count) as claims
    from report.page_claim_days
    inner join months
      on page_claim_days.claimed_on >= months.before_on
      and page_claim_days.claimed_on < months.until_on
    group by 1, 2
  ),

  -- Of fewer than thirty nothing can be said.
  rates as (
    select
      clicked.page_code,
      clicked.earlier,
      clicked.visits,
      clicked.clicks,
      case when clicked.visits >= 30 then round(clicked.clicking / clicked.visits, 6) end as click_rate,
      case when clicked.visits >= 30 then report.wilson_low(clicked.clicking, clicked.visits) end as click_rate_low,
      case when clicked.visits >= 30 then report.wilson_high(clicked.clicking, clicked.visits) end as click_rate_high,
      case when clicked.clicks >= 30 then round(clicked.rage / clicked.clicks, 6) end as rage_rate,
      case when clicked.clicks >= 30 then round(clicked.dead / clicked.clicks, 6) end as dead_rate,
      case when scrolled.visits >= 30 then round(coalesce(scrolled.half, 0) / scrolled.visits, 6) end as half_rate,
      case when scrolled.visits >= 30 then round(coalesce(scrolled.whole, 0) / scrolled.visits, 6) end as end_rate,
      coalesce(claimed.claims, 0) as claims
    from clicked
    left join scrolled
      on scrolled.page_code = clicked.page_code
      and scrolled.earlier = clicked.earlier
    left join claimed
      on claimed.page_code = clicked.page_code
      and claimed.earlier = clicked.earlier
  ),

  named as (
    select distinct
      page_days.page_code,
      page_days.page_name,
      page_days.page_name_en
    from report.page_days
  )

  select
    rates.page_code,
    named.page_name,
    named.page_name_en,
    coalesce(earlier.visits, 0)::bigint,
    rates.visits::bigint,
    earlier.click_rate,
    rates.click_rate,
    rates.click_rate_low,
    rates.click_rate_high,
    rates.clicks::bigint,
    earlier.rage_rate,
    rates.rage_rate,
    earlier.dead_rate,
    rates.dead_rate,
    earlier.half_rate,
    rates.half_rate,
    earlier.end_rate,
    rates.end_rate,
    coalesce(earlier.claims, 0)::bigint,
    rates.claims::bigint
  from rates
  inner join named
    on named.page_code = rates.page_code
  left join rates as earlier
    on earlier.page_code = rates.page_code
    and earlier.earlier
  where not rates.earlier
  order by rates.visits desc, rates.page_code;
end;

comment on function report.page_changes(date) is
  'How the pages of a month were used, beside the month before
One row per page with visits in the month that begins on the day. Rates are null of fewer than thirty. half_rate, end_rate: of the visits with a depth, those that
saw half of the page and its end.';
