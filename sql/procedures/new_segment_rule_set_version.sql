create function ops.new_segment_rule_set_version(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language sql
volatile
begin atomic
  with latest as (
    select segment_rule_set_versions.rules
    from app.segment_rule_set_versions
    where segment_rule_set_versions.rule_set_id = record_id
    order by segment_rule_set_versions.state = 'published' desc, segment_rule_set_versions.number desc
    limit 1
  )

  select ops.draft_segment_rule_set_version(
    record_id,
    user_id,
    coalesce((select latest.rules from latest), '[]'),
    input ->> 'note'
  );
end;

comment on function ops.new_segment_rule_set_version(bigint, bigint, jsonb) is
  'Action of a rule set: a draft with the rules of its newest published version, or without rules where it has none.';
