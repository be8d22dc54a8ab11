-- After a change of an approval rule: it does not count on a field that is going away at the same moment.
create function ops.guard_approval_rules(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  missing text;
begin
  if after is null then
    return;
  end if;

  -- The lock of guard_custom_fields: either it sees this rule, or this sees that the field is gone.
  perform pg_advisory_xact_lock(hashtextextended('evergreen custom fields', 0));

  select custom_fields.label
  into missing
  from app.custom_fields
  where custom_fields.resource = after ->> 'resource'
    and not custom_fields.active
    and jsonb_path_exists(
      after -> 'condition',
      format('$.** ? (exists (@.%1$s) || @."$field" == "%1$s")', custom_fields.key)::jsonpath
    )
  limit 1;

  if found then
    raise exception '字段“%”已停用 | The field "%" is hidden', missing, missing
      using errcode = 'EG422', column = 'condition';
  end if;
end;
$$;

comment on function ops.guard_approval_rules(bigint, bigint, jsonb, jsonb) is
  'Refuses a condition about a field that staff hid meanwhile.';
