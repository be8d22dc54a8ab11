create view base.page_elements as

with named as (
  select distinct on (page_versions.id, elements.value ->> 'id')
    page_versions.id as page_version_id,
    elements.value ->> 'id' as element,
    elements.value ->> 'label' as label,
    elements.value ->> 'label_en' as label_en
  from app.page_versions
  cross join lateral jsonb_array_elements(page_versions.elements) as elements (value)
)

select
  page_elements.id,
  page_elements.page_version_id,
  page_elements.element,
  case when page_elements.element = '*' then '其他元素' else coalesce(named.label, page_elements.element) end as label,
  case when page_elements.element = '*' then 'Other elements' else coalesce(named.label_en, page_elements.element) end as label_en
from app.page_elements
left join named
  on named.page_version_id = page_elements.page_version_id
  and named.element = page_elements.element;

comment on view base.page_elements is
  'Elements of pages
One row per element of a version of a page that was ever clicked. label: as it was published, else the element itself.';
