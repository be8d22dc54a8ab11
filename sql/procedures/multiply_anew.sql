create function ops.multiply_anew(package_version bigint, customers bigint[], since_at timestamptz[])
returns void
language sql
volatile
begin atomic
  insert into app.inbox (customer_id, fact_kind, fact_id, again)
  select
    orders.customer_id,
    'order',
    orders.id,
    true
  from unnest(customers, since_at) as whom (customer_id, since_at)
  inner join app.orders
    on orders.customer_id = whom.customer_id
    and coalesce(orders.paid_at, orders.placed_at) >= whom.since_at
    and orders.status in ('paid', 'completed')
  where exists (
    select
    from base.benefit_package_versions
    cross join lateral jsonb_to_recordset(benefit_package_versions.items) as item (benefit_id bigint)
    inner join app.benefits
      on benefits.id = item.benefit_id
      and benefits.kind = 'point_multiplier'
    where benefit_package_versions.version_id = package_version
  );
end;

comment on function ops.multiply_anew(bigint, bigint[], timestamptz[]) is
  'What customers ordered since a moment of each is worked in again, where the package that they got or lost multiplies points.';
