-- The rules of the default programme hold from its first day on, and everything that happened since is yet to be worked in.
delete from app.inbox;

insert into app.programme_versions (resource, record_id, effective_from_at, body)
select
  'earn_rules',
  earn_rules.id,
  settings.started_on::timestamp at time zone settings.time_zone,
  to_jsonb(earn_rules) - array['description', 'created_at', 'updated_at', 'version', 'extras']
from app.earn_rules
cross join app.settings
where earn_rules.status = 'active';

insert into app.inbox (customer_id, fact_kind, fact_id)
select
  customers.id,
  'sign_up',
  customers.id
from app.customers
where customers.id <> 0
union all
select
  orders.customer_id,
  'order',
  orders.id
from app.orders
where orders.status in ('paid', 'completed')
union all
select
  returns.customer_id,
  'return',
  returns.id
from app.returns
where returns.order_id is not null
union all
select
  redemptions.customer_id,
  steps.fact_kind,
  redemptions.id
from app.redemptions
cross join lateral (
  values
    ('reserve', true),
    ('confirm', redemptions.confirmed_at is not null),
    ('cancel', redemptions.cancelled_at is not null)
) as steps (fact_kind, happened)
where steps.happened;

insert into app.inbox (customer_id, fact_kind, fact_id)
select
  events.customer_id,
  events.kind,
  events.id
from app.events
where events.kind in ('check_in', 'share', 'review', 'task_action')
union all
select distinct
  share_sales.customer_id,
  'unsold',
  returns.id
from app.share_sales
inner join app.returns
  on returns.customer_id = share_sales.buyer_id
  and returns.order_id = share_sales.order_id;
