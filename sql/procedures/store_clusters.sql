create function ops.store_clusters(as_of date, cluster_model jsonb, centres jsonb)
returns void
language sql
volatile
begin atomic
  delete from app.cluster_models
  where cluster_models.as_of_on = as_of;

  insert into app.cluster_models (
    as_of_on, cluster_count, customer_count, fitted_customers, explained_rate, recency_mean, recency_deviation,
    frequency_mean, frequency_deviation, monetary_mean, monetary_deviation
  )
  select
    as_of,
    jsonb_array_length(store_clusters.centres),
    fitted.customer_count,
    fitted.fitted_customers,
    fitted.explained_rate,
    fitted.recency_mean,
    fitted.recency_deviation,
    fitted.frequency_mean,
    fitted.frequency_deviation,
    fitted.monetary_mean,
    fitted.monetary_deviation
  from jsonb_to_record(store_clusters.cluster_model) as fitted (
    customer_count bigint, fitted_customers bigint, explained_rate numeric, recency_mean double precision,
    recency_deviation double precision, frequency_mean double precision, frequency_deviation double precision,
    monetary_mean double precision, monetary_deviation double precision
  );

  insert into app.clusters (as_of_on, number, recency, frequency, monetary)
  select
    as_of,
    centre.position,
    (centre.at -> 0)::double precision,
    (centre.at -> 1)::double precision,
    (centre.at -> 2)::double precision
  from jsonb_array_elements(store_clusters.centres) with ordinality as centre (at, position);

  with sums as (
    select
      customer_clusters.number,
      count(*) as customer_count,
      sum(customer_habits.order_count) as order_count,
      sum(customer_habits.net_amount) as net_amount,
      sum(customer_habits.recency_days) as recency_days,
      coalesce(sum(customer_values.expected_amount), 0) as expected_amount
    from base.customer_clusters
    inner join base.customer_habits
      on customer_habits.customer_id = customer_clusters.customer_id
    left join app.customer_values
      on customer_values.customer_id = customer_clusters.customer_id
    group by customer_clusters.number
  )

  update app.clusters
  set
    customer_count = sums.customer_count,
    order_count = sums.order_count,
    net_amount = sums.net_amount,
    recency_days = sums.recency_days,
    expected_amount = sums.expected_amount
  from sums
  where clusters.as_of_on = as_of
    and clusters.number = sums.number;
end;

comment on function ops.store_clusters(date, jsonb, jsonb) is
  'Keeps a model of groups as the day''s, instead of what was kept before, and adds up every customer''s figures into the nearest group.
centres: arrays of recency, frequency and monetary, each less its mean, over its deviation.';
