create view base.page_versions as

select
  page_versions.id,
  page_versions.page_id,
  pages.name || ' v' || page_versions.number as version_name,
  pages.name_en || ' v' || page_versions.number as version_name_en,
  pages.kind as page_kind,
  pages.status as page_status,
  page_versions.number,
  page_versions.state,
  case when page_versions.state = 'published' then page_versions.share_rate end as share_rate,
  case
    when pages.kind = 'own' and page_versions.state <> 'draft' then '/p/' || pages.code || '/v/' || page_versions.number
  end as address,
  page_versions.title,
  page_versions.title_en,
  page_versions.summary,
  page_versions.summary_en,
  page_versions.accent,
  page_versions.blocks,
  page_versions.elements,
  page_versions.note,
  page_versions.created_by,
  page_versions.published_by,
  page_versions.published_at,
  page_versions.version,
  page_versions.created_at,
  page_versions.updated_at
from app.page_versions
inner join app.pages
  on pages.id = page_versions.page_id;

comment on view base.page_versions is
  'Versions of pages
One row per version, drafts included. share_rate: of the visitors, while it is published.';
