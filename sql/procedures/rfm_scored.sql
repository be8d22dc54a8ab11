create function ops.rfm_scored(as_of date)
returns table (
  customer_id bigint,
  first_order_on date,
  last_order_on date,
  order_count bigint,
  gross_amount numeric,
  net_amount numeric,
  recency_score integer,
  frequency_score integer,
  monetary_score integer,
  rfm_group text
)
language sql
stable
begin atomic
  with spend as (
    select
      customer_spend.customer_id,
      customer_spend.first_order_on,
      customer_spend.last_order_on,
      customer_spend.order_count,
      customer_spend.gross_amount,
      customer_spend.gross_amount - customer_spend.returned_amount as net_amount
    from ops.customer_spend(as_of) as customer_spend
    where customer_spend.order_count > 0
      and not exists (
        select
        from app.customers
        where customers.id = customer_spend.customer_id
          and customers.status not in ('active', 'blocked')
      )
  ),

  scored as (
    select
      spend.customer_id,
      spend.first_order_on,
      spend.last_order_on,
      spend.order_count,
      spend.gross_amount,
      spend.net_amount,
      5 - width_bucket((as_of - spend.last_order_on)::numeric, rfm_snapshots.recency_cuts) as recency_score,
      1 + width_bucket(spend.order_count::numeric, rfm_snapshots.frequency_cuts) as frequency_score,
      1 + width_bucket(spend.net_amount, rfm_snapshots.monetary_cuts) as monetary_score
    from spend
    inner join app.rfm_snapshots
      on rfm_snapshots.as_of_on = as_of
  )

  select
    scored.customer_id,
    scored.first_order_on,
    scored.last_order_on,
    scored.order_count,
    scored.gross_amount,
    scored.net_amount,
    scored.recency_score,
    scored.frequency_score,
    scored.monetary_score,
    (select ops.rfm_group_codes())[
      (scored.recency_score - 1) * 25 + (scored.frequency_score - 1) * 5 + scored.monetary_score
    ] as rfm_group
  from scored;
end;

comment on function ops.rfm_scored(date) is
  'One row per customer with an order before the day, scored by the cut points stored for that day; no row where there are none.';
