create view base.message_templates as
select
  message_templates.*,
  coalesce(told.number, 0) as number
from app.message_templates
left join lateral (
  select max(message_template_versions.number) as number
  from app.message_template_versions
  where message_template_versions.template_id = message_templates.id
) as told
  on true;

comment on view base.message_templates is
  'Message templates
One row per template as it is edited, with the number of its latest version.';
