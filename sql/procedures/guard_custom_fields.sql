-- After a change of a field that staff added: what has values cannot become something else.
create function ops.guard_custom_fields(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  target regclass := to_regclass(format('app.%I', coalesce(after, before) ->> 'resource'));
  stored boolean;
  fault record;
  gone text[];
begin
  -- Two people who change fields at once see each other's change.
  perform pg_advisory_xact_lock(hashtextextended('evergreen custom fields', 0));

  if after is not null then
    if (select count(*) from app.custom_fields where custom_fields.resource = after ->> 'resource') > 200 then
      raise exception '每类记录最多 200 个自定义字段 | At most 200 custom fields can be added to one kind of record'
        using errcode = 'EG422', column = 'resource';
    end if;

    if after ->> 'kind' in ('choice', 'choices') and jsonb_array_length(after -> 'choices') = 0 then
      raise exception '请至少添加一个选项 | Add at least one choice'
        using errcode = 'EG422', column = 'choices';
    end if;

    select
      choices.place - 1 as at
    into fault
    from jsonb_array_elements(after -> 'choices') with ordinality as choices (choice, place)
    where exists (
      select
      from jsonb_array_elements(after -> 'choices') with ordinality as others (choice, place)
      where others.place < choices.place
        and others.choice ->> 'code' = choices.choice ->> 'code'
    )
    limit 1;

    if found then
      raise exception '选项编码重复 | The code of a choice is repeated'
        using errcode = 'EG422', column = format('choices.%s.code', fault.at);
    end if;
  end if;

  if before is not null and after is not null and (before ->> 'key' <> after ->> 'key' or before ->> 'kind' <> after ->> 'kind') then
    execute format('select exists (select from %s as records where records.extras ? $1)', target)
    into stored
    using before ->> 'key';

    if stored then
      raise exception '已有记录填写了该字段，编码与类型不可再更改；可以停用它，另建一个字段 | Records have values for this field, so its key and kind are fixed; hide it and add another'
        using errcode = 'EG422', column = case when before ->> 'key' <> after ->> 'key' then 'key' else 'kind' end;
    end if;
  end if;

  if before is not null and after is not null and before ->> 'kind' in ('choice', 'choices') and before -> 'choices' <> after -> 'choices' then
    select array_agg(removed.choice ->> 'code')
    into gone
    from jsonb_array_elements(before -> 'choices') as removed (choice)
    where not exists (
      select
      from jsonb_array_elements(after -> 'choices') as choices (choice)
      where choices.choice ->> 'code' = removed.choice ->> 'code'
    );

    if gone is not null then
      execute format(
        'select codes.code from unnest($1) as codes (code) where exists (select from %s as records where records.extras @> jsonb_build_object($2, codes.code) or records.extras @> jsonb_build_object($2, jsonb_build_array(codes.code))) limit 1',
        target
      )
      into fault
      using gone, before ->> 'key';

      if fault.code is not null then
        raise exception '选项“%”仍有记录使用，不能移除 | Records still have the choice "%", so it cannot be removed', fault.code, fault.code
          using errcode = 'EG422', column = 'choices';
      end if;
    end if;
  end if;

  -- Rules of segments, audiences and conditions of benefits ask about the fields of customers that are no personal data.
  if before ->> 'resource' = 'customers'
    and (after is null or not (after -> 'active')::boolean or ((after -> 'pii')::boolean and after ->> 'kind' in ('text', 'longtext')) or before ->> 'key' <> after ->> 'key')
  then
    select
      users.name
    into fault
    from (
      select
        segment_rule_sets.name,
        jsonb_path_query(segment_rule_set_versions.rules, '$[*].condition') as condition
      from app.segment_rule_set_versions
      inner join app.segment_rule_sets
        on segment_rule_sets.id = segment_rule_set_versions.rule_set_id
      where segment_rule_set_versions.state <> 'retired'
      union all
      select
        campaigns.name,
        campaigns.audience_filter
      from app.campaigns
      union all
      select
        benefits.name,
        benefits.customer_condition
      from app.benefits
    ) as users
    where jsonb_path_exists(
      users.condition,
      format('$.** ? (exists (@.%1$s) || @."$field" == "%1$s")', before ->> 'key')::jsonpath
    )
    limit 1;

    if found then
      raise exception '“%”的条件用到了该字段 | A condition of "%" asks about this field', fault.name, fault.name
        using errcode = 'EG409',
          hint = '请先修改其条件 | Change that condition first';
    end if;
  end if;

  -- A rule whose field is gone would make everything wait.
  if before is not null and (after is null or not (after -> 'active')::boolean or before ->> 'key' <> after ->> 'key' or before ->> 'kind' <> after ->> 'kind') then
    select
      approval_rules.name
    into fault
    from app.approval_rules
    where approval_rules.resource = before ->> 'resource'
      and jsonb_path_exists(
        approval_rules.condition,
        format('$.** ? (exists (@.%1$s) || @."$field" == "%1$s")', before ->> 'key')::jsonpath
      )
    limit 1;

    if found then
      raise exception '审批规则“%”用到了该字段 | The approval rule "%" asks about this field', fault.name, fault.name
        using errcode = 'EG409',
          hint = '请先修改该规则 | Change that rule first';
    end if;
  end if;

  perform ops.make_custom_views();
end;
$$;

comment on function ops.guard_custom_fields(bigint, bigint, jsonb, jsonb) is
  'Key and kind are fixed at the first stored value, a choice that records have stays; then the views for reports are made anew.';
