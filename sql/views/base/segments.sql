create view base.segments as

with versions as (
  select
    segment_rule_set_versions.rule_set_id,
    segment_rule_set_versions.number,
    segment_rule_set_versions.rules,
    segment_rule_set_versions.state = 'published'
    and segment_rule_set_versions.effective_from <= programme.today_on
    and coalesce(segment_rule_set_versions.effective_to > programme.today_on, true) as in_force
  from app.segment_rule_set_versions
  cross join base.programme
  where segment_rule_set_versions.state <> 'draft'
),

named as (
  select distinct on (versions.rule_set_id, rules.value ->> 'code')
    versions.rule_set_id,
    rules.value ->> 'code' as segment_code,
    rules.value ->> 'name' as segment_name,
    rules.value ->> 'name_en' as segment_name_en,
    rules.position::integer as position,
    bool_or(versions.in_force) over (partition by versions.rule_set_id, rules.value ->> 'code') as in_force
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
    named.position,
    named.in_force
  from named
  union all
  select
    segment_rule_sets.id as rule_set_id,
    'other' as segment_code,
    '其他' as segment_name,
    'Other' as segment_name_en,
    1000 as position,
    exists (
      select
      from versions
      where versions.rule_set_id = segment_rule_sets.id
        and versions.in_force
    ) as in_force
  from app.segment_rule_sets
)

select
  -- Segments live inside the versions of their rule set; this number is theirs for ever, and the same in every database.
  (
    'x' || left(encode(sha256(convert_to(segment_rule_sets.code || '.' || every.segment_code, 'UTF8')), 'hex'), 12)
  )::bit(48)::bigint as id,
  every.rule_set_id,
  segment_rule_sets.code as rule_set_code,
  segment_rule_sets.name as rule_set_name,
  segment_rule_sets.name_en as rule_set_name_en,
  every.segment_code,
  every.segment_name,
  coalesce(every.segment_name_en, every.segment_name) as segment_name_en,
  every.position,
  every.in_force
from every
inner join app.segment_rule_sets
  on segment_rule_sets.id = every.rule_set_id;

comment on view base.segments is
  'Segments of every rule set
One row per rule set and segment that any published version has or had, with the names of the newest of them, and ''other''. id is made of the two codes and names the segment wherever configuration refers to one; in_force: the version of today has it.';
