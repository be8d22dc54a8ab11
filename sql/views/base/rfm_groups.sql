create view base.rfm_groups as

select
  rfm_groups.code as rfm_group,
  rfm_groups.name as rfm_group_name,
  rfm_groups.name_en as rfm_group_name_en,
  rfm_groups.position
from app.rfm_groups
union all
select
  'other' as rfm_group,
  '其他' as rfm_group_name,
  'Other' as rfm_group_name_en,
  1000 as position;

comment on view base.rfm_groups is
  'Named groups of RFM cells
One row per group, and ''other'' for the cells that none names.';
