create function ops.copy_segment_rule_set_version(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language sql
volatile
begin atomic
  select ops.draft_segment_rule_set_version(
    segment_rule_set_versions.rule_set_id,
    user_id,
    segment_rule_set_versions.rules,
    input ->> 'note'
  )
  from app.segment_rule_set_versions
  where segment_rule_set_versions.id = record_id;
end;

comment on function ops.copy_segment_rule_set_version(bigint, bigint, jsonb) is
  'Action of a version: a draft with its rules. Publishing a copy of an older version takes the newer one back.';
