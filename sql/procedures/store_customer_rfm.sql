create function ops.store_customer_rfm(as_of date)
returns bigint
language sql
volatile
begin atomic
  with scores as materialized (
    select
      rfm_scored.customer_id,
      rfm_scored.first_order_on,
      rfm_scored.last_order_on,
      rfm_scored.order_count,
      rfm_scored.gross_amount,
      rfm_scored.net_amount,
      rfm_scored.recency_score,
      rfm_scored.frequency_score,
      rfm_scored.monetary_score,
      rfm_scored.rfm_group
    from ops.rfm_scored(as_of) as rfm_scored
  ),

  changes as materialized (
    select
      coalesce(scores.customer_id, customer_rfm.customer_id) as customer_id,
      scores.customer_id is null as gone,
      scores.first_order_on,
      scores.last_order_on,
      scores.order_count,
      scores.gross_amount,
      scores.net_amount,
      scores.recency_score,
      scores.frequency_score,
      scores.monetary_score,
      scores.rfm_group
    from scores
    full join app.customer_rfm
      on customer_rfm.customer_id = scores.customer_id
    where (
      scores.first_order_on, scores.last_order_on, scores.order_count, scores.gross_amount, scores.net_amount,
      scores.recency_score, scores.frequency_score, scores.monetary_score, scores.rfm_group
    ) is distinct from (
      customer_rfm.first_order_on, customer_rfm.last_order_on, customer_rfm.order_count, customer_rfm.gross_amount,
      customer_rfm.net_amount, customer_rfm.recency_score, customer_rfm.frequency_score, customer_rfm.monetary_score,
      customer_rfm.rfm_group
    )
  ),

  deleted as (
    delete from app.customer_rfm
    using changes
    where changes.gone
      and customer_rfm.customer_id = changes.customer_id
    returning 1
  ),

  written as (
    insert into app.customer_rfm (
      customer_id, as_of_on, first_order_on, last_order_on, order_count, gross_amount, net_amount,
      recency_score, frequency_score, monetary_score, rfm_group
    )
    select
      changes.customer_id,
      as_of,
      changes.first_order_on,
      changes.last_order_on,
      changes.order_count,
      changes.gross_amount,
      changes.net_amount,
      changes.recency_score,
      changes.frequency_score,
      changes.monetary_score,
      changes.rfm_group
    from changes
    where not changes.gone
    on conflict (customer_id) do update set
      as_of_on = excluded.as_of_on,
      first_order_on = excluded.first_order_on,
      last_order_on = excluded.last_order_on,
      order_count = excluded.order_count,
      gross_amount = excluded.gross_amount,
      net_amount = excluded.net_amount,
      recency_score = excluded.recency_score,
      frequency_score = excluded.frequency_score,
      monetary_score = excluded.monetary_score,
      rfm_group = excluded.rfm_group
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.store_customer_rfm(date) is
  'Makes app.customer_rfm say what the cut points stored for the day give, touching only rows that differ; returns how many.';
