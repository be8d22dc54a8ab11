-- Written so that the planner can fold it into the statement that calls it: what a rule set does not ask for (the mean, the
-- scores) is then not computed. The cut points stored for the day are taken where they still hold, else worked out here.
create function ops.segment_facts(as_of date, only_customers bigint[] default null)
returns table (
  customer_id bigint,
  recency_days integer,
  order_count bigint,
  gross_amount numeric,
  returned_amount numeric,
  net_amount numeric,
  mean_gross_amount numeric,
  mean_net_amount numeric,
  average_order_amount numeric,
  first_order_on date,
  last_order_on date,
  first_order_days integer,
  enrolled_on date,
  enrolled_days integer,
  recency_score integer,
  frequency_score integer,
  monetary_score integer,
  rfm_group text,
  age integer,
  birth_month integer,
  gender text,
  education text,
  occupation text,
  province text,
  city text,
  channel text,
  status text,
  tags text[],
  consent_sms boolean,
  consent_email boolean,
  consent_push boolean,
  consent_wecom boolean,
  consent_profiling boolean,
  extras jsonb
)
language sql
stable
begin atomic
  with cuts as materialized (
    select
      rfm_snapshots.recency_cuts,
      rfm_snapshots.frequency_cuts,
      rfm_snapshots.monetary_cuts
    from app.rfm_snapshots
    where rfm_snapshots.as_of_on = as_of
      and not rfm_snapshots.stale
    union all
    select
      rfm_cuts.recency_cuts,
      rfm_cuts.frequency_cuts,
      rfm_cuts.monetary_cuts
    from ops.rfm_cuts(as_of) as rfm_cuts
    where not exists (
      select
      from app.rfm_snapshots
      where rfm_snapshots.as_of_on = as_of
        and not rfm_snapshots.stale
    )
  ),

  means as materialized (
    select
      avg(customer_spend.gross_amount) as gross_amount,
      avg(customer_spend.gross_amount - customer_spend.returned_amount) as net_amount
    from ops.customer_spend(as_of) as customer_spend
    where customer_spend.order_count > 0
      and not exists (
        select
        from app.customers
        where customers.id = customer_spend.customer_id
          and customers.status not in ('active', 'blocked')
      )
  ),

  known as (
    select
      customers.id as customer_id,
      as_of - spend.last_order_on as recency_days,
      coalesce(spend.order_count, 0)::bigint as order_count,
      coalesce(spend.gross_amount, 0) as gross_amount,
      coalesce(spend.returned_amount, 0) as returned_amount,
      coalesce(spend.gross_amount - spend.returned_amount, 0) as net_amount,
      spend.first_order_on,
      spend.last_order_on,
      customers.enrolled_on,
      customers.birth_on,
      customers.gender,
      customers.education,
      customers.occupation,
      customers.province,
      customers.city,
      customers.channel,
      customers.status,
      customers.tags,
      customers.consent_sms,
      customers.consent_email,
      customers.consent_push,
      customers.consent_wecom,
      customers.consent_profiling,
      customers.extras
    from app.customers
    left join (
      select *
      from ops.customer_spend(as_of)
      where only_customers is null

      union all

      select *
      from ops.orders_spend(only_customers, as_of)
      where only_customers is not null
    ) as spend
      on spend.customer_id = customers.id
    where (only_customers is null or customers.id = any (only_customers))
      and customers.status in ('active', 'blocked')
      and (customers.enrolled_on < as_of or spend.order_count > 0)
  )

  select
    known.customer_id,
    known.recency_days,
    known.order_count,
    known.gross_amount,
    known.returned_amount,
    known.net_amount,
    (select means.gross_amount from means) as mean_gross_amount,
    (select means.net_amount from means) as mean_net_amount,
    round(known.gross_amount / nullif(known.order_count, 0), 2) as average_order_amount,
    known.first_order_on,
    known.last_order_on,
    as_of - known.first_order_on as first_order_days,
    known.enrolled_on,
    case when known.enrolled_on < as_of then as_of - known.enrolled_on end as enrolled_days,
    case
      when known.order_count > 0
        then 5 - width_bucket(known.recency_days::numeric, (select cuts.recency_cuts from cuts))
    end as recency_score,
    case
      when known.order_count > 0
        then 1 + width_bucket(known.order_count::numeric, (select cuts.frequency_cuts from cuts))
    end as frequency_score,
    case
      when known.order_count > 0
        then 1 + width_bucket(known.net_amount, (select cuts.monetary_cuts from cuts))
    end as monetary_score,
    case
      when known.order_count > 0
        then (select ops.rfm_group_codes())[
          (4 - width_bucket(known.recency_days::numeric, (select cuts.recency_cuts from cuts))) * 25
          + width_bucket(known.order_count::numeric, (select cuts.frequency_cuts from cuts)) * 5
          + 1 + width_bucket(known.net_amount, (select cuts.monetary_cuts from cuts))
        ]
    end as rfm_group,
    extract(year from age(as_of, known.birth_on))::integer as age,
    extract(month from known.birth_on)::integer as birth_month,
    known.gender,
    known.education,
    known.occupation,
    known.province,
    known.city,
    known.channel,
    known.status,
    known.tags,
    known.consent_sms,
    known.consent_email,
    known.consent_push,
    known.consent_wecom,
    known.consent_profiling,
    known.extras
  from known;
end;

comment on function ops.segment_facts(date, bigint[]) is
  'What segment rules may ask about, one row per customer known before the day (enrolled or with an order; active or blocked).
Orders strictly before the day in the programme time zone; returns made before it reduce net_amount only. The means are over
customers with an order and the same on every row. Profile columns are as they are now. Of customers who are named only those, from
their own orders and returns as known at this moment; what is of everybody (the means, the scores'' cuts) is as the totals have it.';
