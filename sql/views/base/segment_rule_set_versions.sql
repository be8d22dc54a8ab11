create view base.segment_rule_set_versions as

select
  segment_rule_set_versions.id,
  segment_rule_set_versions.rule_set_id,
  segment_rule_sets.name || ' v' || segment_rule_set_versions.number as title,
  segment_rule_sets.name_en || ' v' || segment_rule_set_versions.number as title_en,
  segment_rule_set_versions.number,
  segment_rule_set_versions.state,
  segment_rule_set_versions.effective_from,
  segment_rule_set_versions.effective_to,
  segment_rule_set_versions.state = 'published'
  and segment_rule_set_versions.effective_from <= programme.today_on
  and coalesce(segment_rule_set_versions.effective_to > programme.today_on, true) as in_force,
  segment_rule_set_versions.rules,
  segment_rule_set_versions.note,
  segment_rule_set_versions.created_by,
  segment_rule_set_versions.published_by,
  segment_rule_set_versions.published_at,
  segment_rule_set_versions.version,
  segment_rule_set_versions.created_at,
  segment_rule_set_versions.updated_at
from app.segment_rule_set_versions
inner join app.segment_rule_sets
  on segment_rule_sets.id = segment_rule_set_versions.rule_set_id
cross join base.programme;

comment on view base.segment_rule_set_versions is
  'Versions of segment rule sets
One row per version, drafts included.';
