create view base.duplicate_customers as

with pairs as (
  select
    customers.id as customer_id,
    others.id as other_id,
    'phone' as reason
  from app.customers
  inner join app.customers as others
    on right(regexp_replace(others.phone, '\D', '', 'g'), 11) = right(regexp_replace(customers.phone, '\D', '', 'g'), 11)
    and others.id <> customers.id
    and others.phone is not null
    and others.status in ('active', 'blocked')
  where customers.status in ('active', 'blocked')
    and customers.phone is not null

  union all

  select
    customers.id,
    others.id,
    'email'
  from app.customers
  inner join app.customers as others
    on lower(btrim(others.email)) = lower(btrim(customers.email))
    and others.id <> customers.id
    and others.email is not null
    and others.status in ('active', 'blocked')
  where customers.status in ('active', 'blocked')
    and customers.email is not null

  union all

  select
    customers.id,
    others.id,
    'name_birthday'
  from app.customers
  inner join app.customers as others
    on others.name = customers.name
    and others.birth_on = customers.birth_on
    and others.id <> customers.id
    and others.name is not null
    and others.status in ('active', 'blocked')
  where customers.status in ('active', 'blocked')
    and customers.name is not null
    and customers.birth_on is not null
)

select
  hashint8extended(pairs.customer_id, pairs.other_id) & 9007199254740991 as id,
  pairs.customer_id,
  pairs.other_id,
  customers.external_id,
  others.external_id as other_external_id,
  array_agg(pairs.reason order by pairs.reason) as reasons,
  count(*)::integer as reason_count
from pairs
inner join app.customers
  on customers.id = pairs.customer_id
inner join app.customers as others
  on others.id = pairs.other_id
group by pairs.customer_id, pairs.other_id, customers.external_id, others.external_id;

comment on view base.duplicate_customers is
  'Likely duplicates
One row per customer and other one with the same phone (its last eleven digits), e-mail, or name and birthday; each pair twice, once from either side.';
