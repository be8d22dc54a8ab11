create view base.customer_titles as
select
  customer_titles.id,
  titles.name,
  titles.name_en,
  customer_titles.customer_id,
  customer_titles.title_id,
  titles.kind,
  case
    when customer_titles.revoked_at is not null then 'revoked'
    when customer_titles.until_at <= now() then 'ended'
    else 'held'
  end as state,
  customer_titles.granted_at,
  customer_titles.until_at,
  customer_titles.reason,
  case
    when customer_titles.source = 'staff' then 'staff'
    when split_part(customer_titles.source, ':', 1) = 'task' then 'task'
    else 'other'
  end as given_for,
  customer_titles.source,
  customer_titles.external_id,
  customer_titles.granted_by,
  customer_titles.revoked_at,
  customer_titles.revoked_by,
  customer_titles.revoke_reason,
  customer_titles.version
from app.customer_titles
inner join app.titles
  on titles.id = customer_titles.title_id;

comment on view base.customer_titles is
  'Titles of customers
One row per time that a title or badge was given: held now, ended by its time, or revoked.';
