create view base.segments as

with versions as (
  select
    segment_rule_set_versions.rule_set_id,
    segment_rule_set_versions.number,
    segment_rule_set_versions.rules
  from app.segment_rule_set_versions
  where segment_rule_set_versions.state <> 'draft'
),

named as (
  select distinct on (versions.rule_set_id, rules.value ->> 'code')
    versions.rule_set_id,
    rules.value ->> 'code' as segment_code,
    rules.value ->> 'name' as segment_name,
    rules.value ->> 'name_en' as segment_name_en,
    rules.position::integer as position
  from versions
  cross join jsonb_array_elements(versions.rules) with ordinality as rules (value, position)
  order by versions.rule_set_id, rules.value ->> 'code', versions.number desc
),

every as (
  select
    named.rule_set_id,
    named.segment_code,
    named.segment_name,
    named.segment_name_en,
    named.position
  from named
  union all
  select
    segment_rule_sets.id as rule_set_id,
    'other' as segment_code,
    '其他' as segment_name,
    'Other' as segment_name_en,
    1000 as position
  from app.segment_rule_sets
)

select
  every.rule_set_id,
  segment_rule_sets.code as rule_set_code,
  segment_rule_sets.name as rule_set_name,
  segment_rule_sets.name_en as rule_set_name_en,
  every.segment_code,
  every.segment_name,
  coalesce(every.segment_name_en, every.segment_name) as segment_name_en,
  every.position
from every
inner join app.segment_rule_sets
  on segment_rule_sets.id = every.rule_set_id;

comment on view base.segments is
  'Segments of every rule set
One row per rule set and segment that any published version has or had, with the names of the newest of them, and ''other''.';
