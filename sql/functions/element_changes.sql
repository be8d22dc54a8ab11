create function report.element_changes(month_on date)
returns table (
  page_code text,
  element text,
  element_label text,
  element_label_en text,
  place bigint,
  clicks bigint,
  before_click_rate numeric,
  click_rate numeric,
  click_rate_low numeric,
  click_rate_high numeric,
  difference numeric,
  difference_low numeric,
  difference_high numeric,
  rage_rate numeric,
  dead_rate numeric
)
language sql
stable
begin atomic
  with visits as (
    select
      page_click_days.page_code,
      coalesce(sum(page_click_days.visit_count) filter (where page_click_days.seen_on < element_changes.month_on), 0) as before_visits,
      coalesce(sum(page_click_days.visit_count) filter (where page_click_days.seen_on >= element_changes.month_on), 0) as visits
    from report.page_click_days
    where page_click_days.seen_on >= (element_changes.month_on - interval '1 month')::date
      and page_click_days.seen_on < (element_changes.month_on + interval '1 month')::date
    group by 1
  ),

  clicked as (
    select
      element_days.page_code,
      element_days.element,
      max(element_days.element_label) as label,
      max(element_days.element_label_en) as label_en,
      coalesce(sum(element_days.visit_count) filter (where element_days.clicked_on < element_changes.month_on), 0) as before_clicking,
      coalesce(sum(element_days.visit_count) filter (where element_days.clicked_on >= element_changes.month_on), 0) as clicking,
      coalesce(sum(element_days.click_count) filter (where element_days.clicked_on >= element_changes.month_on), 0) as clicks,
      coalesce(sum(element_days.rage_count) filter (where element_days.clicked_on >= element_changes.month_on), 0) as rage,
      coalesce(sum(element_days.dead_count) filter (where element_days.clicked_on >= element_changes.month_on), 0) as dead
    from report.element_days
    where element_days.clicked_on >= (element_changes.month_on - interval '1 month')::date
      and element_days.clicked_on < (element_changes.month_on + interval '1 month')::date
    group by 1, 2
  )

  select
    clicked.page_code,
    clicked.element,
    clicked.label,
    clicked.label_en,
    row_number() over (partition by clicked.page_code order by clicked.clicks desc, clicked.element),
    clicked.clicks::bigint,
    -- Of fewer than thirty nothing can be said.
    case when visits.before_visits >= 30 then round(clicked.before_clicking / visits.before_visits, 6) end,
    round(clicked.clicking / visits.visits, 6),
    report.wilson_low(clicked.clicking, visits.visits),
    report.wilson_high(clicked.clicking, visits.visits),
    case
      when visits.before_visits >= 30 then round(clicked.clicking / visits.visits - clicked.before_clicking / visits.before_visits, 6)
    end,
    case
      when visits.before_visits >= 30
        then report.newcombe_low(clicked.clicking, visits.visits, clicked.before_clicking, visits.before_visits)
    end,
    case
      when visits.before_visits >= 30
        then report.newcombe_high(clicked.clicking, visits.visits, clicked.before_clicking, visits.before_visits)
    end,
    case when clicked.clicks >= 30 then round(clicked.rage / clicked.clicks, 6) end,
    case when clicked.clicks >= 30 then round(clicked.dead / clicked.clicks, 6) end
  from clicked
  inner join visits
    on visits.page_code = clicked.page_code
  where visits.visits >= 30
    and clicked.clicks > 0
  order by clicked.page_code, 5;
end;

comment on function report.element_changes(date) is
  'Click rates of elements in a month, beside the month before
One row per page of thirty visits or more and element clicked in the month that begins on the day; place: from the most clicked of its page. difference: of the two
months'' rates, with its interval by Newcombe.';
