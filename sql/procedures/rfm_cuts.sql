-- Type-7 quantiles (percentile_cont) + 1, as the R package rfm has them; bins are [lower, upper). Four decimals take off
-- what floating point adds to an interpolated cent.
create function ops.rfm_cuts(as_of date)
returns table (
  customer_count bigint,
  recency_cuts numeric[],
  frequency_cuts numeric[],
  monetary_cuts numeric[]
)
language sql
stable
parallel safe
begin atomic
  with spend as (
    select
      (as_of - customer_spend.last_order_on)::double precision as recency_days,
      customer_spend.order_count::double precision as order_count,
      (customer_spend.gross_amount - customer_spend.returned_amount)::double precision as net_amount
    from ops.customer_spend(as_of) as customer_spend
    where customer_spend.order_count > 0
      and not exists (
        select
        from app.customers
        where customers.id = customer_spend.customer_id
          and customers.status not in ('active', 'blocked')
      )
  ),

  quantiles as (
    select
      count(*) as customer_count,
      percentile_cont(array[0.2, 0.4, 0.6, 0.8]) within group (order by spend.recency_days) as recency,
      percentile_cont(array[0.2, 0.4, 0.6, 0.8]) within group (order by spend.order_count) as frequency,
      percentile_cont(array[0.2, 0.4, 0.6, 0.8]) within group (order by spend.net_amount) as monetary
    from spend
  )

  select
    quantiles.customer_count,
    (select array_agg(round(cut.value::numeric, 4) + 1 order by cut.nth)
     from unnest(quantiles.recency) with ordinality as cut (value, nth)),
    (select array_agg(round(cut.value::numeric, 4) + 1 order by cut.nth)
     from unnest(quantiles.frequency) with ordinality as cut (value, nth)),
    (select array_agg(round(cut.value::numeric, 4) + 1 order by cut.nth)
     from unnest(quantiles.monetary) with ordinality as cut (value, nth))
  from quantiles
  where quantiles.customer_count > 0;
end;

comment on function ops.rfm_cuts(date) is
  'The cut points of recency (days), frequency (orders) and net spend that split the customers with an order before the day
into five bins; no row when there is no such customer.';
