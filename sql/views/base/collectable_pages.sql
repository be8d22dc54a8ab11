create view base.collectable_pages as

select
  pages.id as page_id,
  page_versions.id as page_version_id,
  pages.code,
  page_versions.number as version_number,
  case
    when pages.kind = 'external' then array[substring(pages.address_pattern from '^https://[^/]+')]
    else '{}'::text[]
  end as origins,
  pages.kind,
  pages.address_pattern,
  pages.sample_rate,
  page_versions.state
from app.pages
inner join app.page_versions
  on page_versions.page_id = pages.id
where pages.status = 'active'
  and page_versions.state <> 'draft';

comment on view base.collectable_pages is
  'Pages whose visits are measured
One row per version that was ever published of an active page: a visitor may still have an older one open. origins: from where its
events may come; empty for pages that the API serves itself, where they come from its own.';
