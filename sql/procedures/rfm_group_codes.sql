create function ops.rfm_group_codes()
returns text[]
language sql
stable
parallel safe
begin atomic
  with cells as (
    select
      recency.score as recency_score,
      frequency.score as frequency_score,
      monetary.score as monetary_score
    from generate_series(1, 5) as recency (score)
    cross join generate_series(1, 5) as frequency (score)
    cross join generate_series(1, 5) as monetary (score)
  ),

  named as (
    select
      cells.recency_score,
      cells.frequency_score,
      cells.monetary_score,
      (
        select rfm_groups.code
        from app.rfm_groups
        where cells.recency_score between rfm_groups.recency_min and rfm_groups.recency_max
          and cells.frequency_score between rfm_groups.frequency_min and rfm_groups.frequency_max
          and cells.monetary_score between rfm_groups.monetary_min and rfm_groups.monetary_max
        order by rfm_groups.position
        limit 1
      ) as code
    from cells
  )

  select array_agg(
    coalesce(named.code, 'other')
    order by named.recency_score, named.frequency_score, named.monetary_score
  )
  from named;
end;

comment on function ops.rfm_group_codes() is
  'The named group of each of the 125 cells; cell r/f/m is element (r - 1) * 25 + (f - 1) * 5 + m. No group fits: ''other''.';
