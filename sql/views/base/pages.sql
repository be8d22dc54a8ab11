create view base.pages as

with published as (
  select
    page_versions.page_id,
    count(*) as live_count,
    max(page_versions.number) as live_number,
    max(page_versions.published_at) as published_at
  from app.page_versions
  where page_versions.state = 'published'
  group by page_versions.page_id
)

select
  pages.id,
  pages.code,
  pages.name,
  pages.name_en,
  pages.kind,
  pages.status,
  pages.campaign_id,
  pages.address_pattern,
  pages.sample_rate,
  pages.description,
  case when pages.kind = 'own' then '/p/' || pages.code end as address,
  published.live_number,
  coalesce(published.live_count, 0) > 1 as split_running,
  published.published_at,
  pages.extras,
  pages.version,
  pages.created_at,
  pages.updated_at
from app.pages
left join published
  on published.page_id = pages.id;

comment on view base.pages is
  'Campaign pages
One row per page, with the newest version that is published. split_running: two are, and visitors get one or the other.';
