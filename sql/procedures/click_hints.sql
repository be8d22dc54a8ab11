-- Where a block begins depends on the width it is drawn at: whoever draws the page says so, in ten-thousandths of its height.
create function ops.click_hints(
  version bigint, from_on date, until_on date, device text, segment text, tier text, seen_elements text[], seen_tops integer[]
)
returns table (
  code text, element text, label text, label_en text, measure text, comparison text, threshold numeric, rate numeric, rate_low numeric,
  rate_high numeric, of_count bigint, advice text, advice_en text
)
language sql
stable
begin atomic
  with elements as materialized (
    select
      counted.element,
      counted.label,
      counted.label_en,
      counted.block_kind,
      counted.part,
      counted.page_visit_count,
      counted.visit_count,
      counted.click_count,
      -- What comes later than its click may be of another day.
      least(counted.rage_count, counted.click_count) as rage_count,
      least(counted.dead_count, counted.click_count) as dead_count,
      sum(counted.click_count) over ()::bigint as page_click_count
    from ops.click_elements(click_hints.version, from_on, until_on, device, segment, tier) as counted
  ),

  reached as (
    select
      elements.element,
      elements.label,
      elements.label_en,
      elements.block_kind,
      elements.part,
      scrolled.visit_count,
      scrolled.measured_count
    from unnest(seen_elements, seen_tops) as seen (element, top)
    inner join elements
      on elements.element = seen.element
    inner join ops.click_scroll(click_hints.version, from_on, until_on, device, segment, tier) as scrolled
      -- Seen when the tenth that it begins in was seen whole.
      on scrolled.depth_tenths = least(10, seen.top / 1000 + 1)
  ),

  figures as (
    select
      elements.element,
      elements.label,
      elements.label_en,
      elements.block_kind,
      elements.part,
      measures.measure,
      measures.successes,
      measures.trials
    from elements
    cross join lateral (
      values
        ('click_share', elements.click_count, elements.page_click_count),
        ('click_rate', elements.visit_count, elements.page_visit_count),
        ('dead_rate', elements.dead_count, elements.click_count),
        ('rage_rate', elements.rage_count, elements.click_count)
    ) as measures (measure, successes, trials)
    union all
    select
      reached.element,
      reached.label,
      reached.label_en,
      reached.block_kind,
      reached.part,
      'reach_rate',
      reached.visit_count,
      reached.measured_count
    from reached
  )

  select
    page_hints.code,
    figures.element,
    figures.label,
    figures.label_en,
    page_hints.measure,
    page_hints.comparison,
    page_hints.threshold,
    round(figures.successes::numeric / figures.trials, 6),
    report.wilson_low(figures.successes, figures.trials),
    report.wilson_high(figures.successes, figures.trials),
    figures.trials,
    page_hints.advice,
    page_hints.advice_en
  from figures
  inner join app.page_hints
    on page_hints.status = 'active'
    and page_hints.measure = figures.measure
    and (page_hints.block_kind is null or page_hints.block_kind = figures.block_kind)
    and (page_hints.part is null or page_hints.part = figures.part)
    -- Without a part, how far visitors came is asked of the block.
    and (page_hints.part is not null or page_hints.measure <> 'reach_rate' or figures.part is null)
  where figures.trials >= page_hints.min_count
    and case page_hints.comparison
      when 'above' then report.wilson_low(figures.successes, figures.trials) > page_hints.threshold
      else report.wilson_high(figures.successes, figures.trials) < page_hints.threshold
    end
  order by
    figures.successes desc,
    page_hints.id,
    figures.element
  limit 50;
end;

comment on function ops.click_hints(bigint, date, date, text, text, text, text[], integer[]) is
  'What app.page_hints suggest for a version of a page: rules whose threshold the whole interval (Wilson, 95 %) of a figure is beyond.
seen_elements, seen_tops: where elements begin, in ten-thousandths of the height of the page as it is drawn for the device.';
