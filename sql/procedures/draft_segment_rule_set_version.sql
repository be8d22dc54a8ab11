create function ops.draft_segment_rule_set_version(set_id bigint, user_id bigint, rules jsonb, note text)
returns jsonb
language plpgsql
volatile
as $$
declare
  drafted record;
begin
  -- Two people who draft at the same moment get two numbers.
  perform
  from app.segment_rule_sets
  where segment_rule_sets.id = set_id
  for update;

  insert into app.segment_rule_set_versions (rule_set_id, number, rules, note, created_by)
  select
    set_id,
    coalesce(max(segment_rule_set_versions.number), 0) + 1,
    draft_segment_rule_set_version.rules,
    draft_segment_rule_set_version.note,
    user_id
  from app.segment_rule_set_versions
  where segment_rule_set_versions.rule_set_id = set_id
  returning segment_rule_set_versions.id, segment_rule_set_versions.number
  into drafted;

  return jsonb_build_object(
    'id', drafted.id,
    'resource', 'segment_rule_set_versions',
    'message', jsonb_build_array(
      format('已新建草稿，版本 %s', drafted.number),
      format('Version %s is a draft now', drafted.number)
    )
  );
end;
$$;

comment on function ops.draft_segment_rule_set_version(bigint, bigint, jsonb, text) is
  'Adds a draft version with these rules to a rule set; answers its id, the resource it belongs to and a sentence.';
