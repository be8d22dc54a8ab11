create view base.customers as

select
  customers.id,
  customers.external_id,
  customers.name,
  customers.phone,
  customers.email,
  customers.birth_on,
  customers.gender,
  customers.education,
  customers.province,
  customers.city,
  customers.occupation,
  customers.language,
  customers.channel,
  customers.referrer_code,
  customers.enrolled_at,
  customers.enrolled_on,
  customers.consent_sms,
  customers.consent_email,
  customers.consent_push,
  customers.consent_wecom,
  customers.consent_profiling,
  customers.tags,
  customers.note,
  customers.extras,
  customers.status,
  customers.merged_into_id,
  customer_rfm.order_count,
  customer_rfm.net_amount,
  customer_rfm.last_order_on,
  customer_rfm.recency_score,
  customer_rfm.frequency_score,
  customer_rfm.monetary_score,
  customer_rfm.rfm_group,
  rfm_groups.id as rfm_group_id,
  customers.version,
  customers.created_at,
  customers.updated_at
from app.customers
left join app.customer_rfm
  on customer_rfm.customer_id = customers.id
left join app.rfm_groups
  on rfm_groups.code = customer_rfm.rfm_group;

comment on view base.customers is
  'Customers
One row per customer, with the spend and scores of the latest scoring day where there are any.';
