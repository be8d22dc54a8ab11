create function ops.click_comparison(
  version bigint, from_on date, until_on date, other_version bigint, other_from_on date, other_until_on date, device text, segment text,
  tier text
)
returns table (
  element text, label text, label_en text, click_rate numeric, other_click_rate numeric, difference numeric, difference_low numeric,
  difference_high numeric, verdict text
)
language sql
stable
begin atomic
  with compared as (
    select
      coalesce(here.element, there.element) as element,
      coalesce(here.label, there.label) as label,
      coalesce(here.label_en, there.label_en) as label_en,
      here.visit_count,
      here.page_visit_count,
      there.visit_count as other_visit_count,
      there.page_visit_count as other_page_visit_count,
      coalesce(here.click_rate, case when here.page_visit_count > 0 then 0 end) as click_rate,
      coalesce(there.click_rate, case when there.page_visit_count > 0 then 0 end) as other_click_rate,
      greatest(here.click_count, there.click_count) as most
    from ops.click_elements(version, from_on, until_on, device, segment, tier) as here
    full join ops.click_elements(other_version, other_from_on, other_until_on, device, segment, tier) as there
      on there.element = here.element
  ),

  measured as (
    select
      compared.element,
      compared.label,
      compared.label_en,
      compared.click_rate,
      compared.other_click_rate,
      compared.most,
      compared.click_rate - compared.other_click_rate as difference,
      report.newcombe_low(
        compared.visit_count, compared.page_visit_count, compared.other_visit_count, compared.other_page_visit_count
      ) as difference_low,
      report.newcombe_high(
        compared.visit_count, compared.page_visit_count, compared.other_visit_count, compared.other_page_visit_count
      ) as difference_high
    from compared
  )

  select
    measured.element,
    measured.label,
    measured.label_en,
    measured.click_rate,
    measured.other_click_rate,
    measured.difference,
    measured.difference_low,
    measured.difference_high,
    case
      when measured.difference_low > 0 then 'more'
      when measured.difference_high < 0 then 'less'
      when measured.difference_low is not null then 'unclear'
    end
  from measured
  where measured.most > 0
  order by measured.most desc, measured.element;
end;

comment on function ops.click_comparison(bigint, date, date, bigint, date, date, text, text, text) is
  'The click rates of elements of two versions or of two periods beside each other: the first less the other with its interval
(Newcombe, 95 %); an element that one of them has not has no difference.';
