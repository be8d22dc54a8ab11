-- every: 10 0 * * *
-- label: RFM 评分 | RFM scores
-- after: refresh_rollups
-- stale: app.rfm_snapshots
-- The sums of all customers are read twice: for the cut points, and to score by them.
create function ops.rfm_scores(as_of date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
set work_mem = '64MB'
as $$
declare
  latest boolean;
  rows_written bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.rfm_scores', 0));

  insert into app.rfm_snapshots (as_of_on, customer_count, recency_cuts, frequency_cuts, monetary_cuts)
  select
    as_of,
    rfm_cuts.customer_count,
    rfm_cuts.recency_cuts,
    rfm_cuts.frequency_cuts,
    rfm_cuts.monetary_cuts
  from ops.rfm_cuts(as_of) as rfm_cuts
  on conflict (as_of_on) do update set
    customer_count = excluded.customer_count,
    recency_cuts = excluded.recency_cuts,
    frequency_cuts = excluded.frequency_cuts,
    monetary_cuts = excluded.monetary_cuts,
    stale = false,
    computed_at = now();

  if not found then
    -- Nobody had bought yet: a day computed earlier, before orders were taken back, goes as a whole.
    delete from app.rfm_snapshots where rfm_snapshots.as_of_on = as_of;
  end if;

  select as_of >= coalesce(max(rfm_snapshots.as_of_on), as_of)
  into latest
  from app.rfm_snapshots;

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
    where latest
      and (
        scores.first_order_on, scores.last_order_on, scores.order_count, scores.gross_amount, scores.net_amount,
        scores.recency_score, scores.frequency_score, scores.monetary_score, scores.rfm_group
      ) is distinct from (
        customer_rfm.first_order_on, customer_rfm.last_order_on, customer_rfm.order_count, customer_rfm.gross_amount,
        customer_rfm.net_amount, customer_rfm.recency_score, customer_rfm.frequency_score, customer_rfm.monetary_score,
        customer_rfm.rfm_group
      )
  ),

  deleted_customers as (
    delete from app.customer_rfm
    using changes
    where changes.gone
      and customer_rfm.customer_id = changes.customer_id
    returning 1
  ),

  written_customers as (
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
  ),

  cells as (
    select
      scores.recency_score,
      scores.frequency_score,
      scores.monetary_score,
      count(*) as customer_count,
      sum(scores.order_count) as order_count,
      sum(scores.gross_amount) as gross_amount,
      sum(scores.net_amount) as net_amount
    from scores
    group by scores.recency_score, scores.frequency_score, scores.monetary_score
  ),

  fresh as materialized (
    select
      cells.recency_score,
      cells.frequency_score,
      cells.monetary_score,
      (select ops.rfm_group_codes())[
        (cells.recency_score - 1) * 25 + (cells.frequency_score - 1) * 5 + cells.monetary_score
      ] as rfm_group,
      cells.customer_count,
      cells.order_count,
      cells.gross_amount,
      cells.net_amount
    from cells
  ),

  deleted as (
    delete from app.rfm_day
    where rfm_day.as_of_on = as_of
      and not exists (
        select
        from fresh
        where fresh.recency_score = rfm_day.recency_score
          and fresh.frequency_score = rfm_day.frequency_score
          and fresh.monetary_score = rfm_day.monetary_score
      )
    returning 1
  ),

  written as (
    insert into app.rfm_day (
      as_of_on, recency_score, frequency_score, monetary_score,
      rfm_group, customer_count, order_count, gross_amount, net_amount
    )
    select
      as_of,
      fresh.recency_score,
      fresh.frequency_score,
      fresh.monetary_score,
      fresh.rfm_group,
      fresh.customer_count,
      fresh.order_count,
      fresh.gross_amount,
      fresh.net_amount
    from fresh
    on conflict (as_of_on, recency_score, frequency_score, monetary_score) do update set
      rfm_group = excluded.rfm_group,
      customer_count = excluded.customer_count,
      order_count = excluded.order_count,
      gross_amount = excluded.gross_amount,
      net_amount = excluded.net_amount
    where (rfm_day.rfm_group, rfm_day.customer_count, rfm_day.order_count, rfm_day.gross_amount, rfm_day.net_amount)
      is distinct from
      (excluded.rfm_group, excluded.customer_count, excluded.order_count, excluded.gross_amount, excluded.net_amount)
    returning 1
  )

  select
    (select count(*) from deleted_customers)
    + (select count(*) from written_customers)
    + (select count(*) from deleted)
    + (select count(*) from written)
  into rows_written;

  return rows_written;
end;
$$;

comment on function ops.rfm_scores(date) is
  'Scores every customer with an order before the day in quintiles of recency, frequency and net spend (5 = best), and counts
the cells. app.customer_rfm follows only the latest scoring day. Writes only what changed; returns the rows written.';
