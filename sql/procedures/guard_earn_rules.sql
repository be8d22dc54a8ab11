create function ops.guard_earn_rules(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  if after is null then
    if exists (select from app.points_lots where points_lots.book_id = 0 and points_lots.rule_id = record_id) then
      raise exception '已按此规则发放过积分，不能删除 | Points were given by this rule: it cannot be deleted'
        using errcode = 'EG409',
          hint = '可将其停用 | Retire it instead';
    end if;
  end if;

  perform ops.keep_version(
    'earn_rules',
    record_id,
    user_id,
    (
      select to_jsonb(earn_rules) - array['description', 'created_at', 'updated_at', 'version', 'extras']
      from app.earn_rules
      where earn_rules.id = record_id
        and after is not null
    )
  );
end;
$$;

comment on function ops.guard_earn_rules(bigint, bigint, jsonb, jsonb) is
  'Keeps the rule as it holds from now on. One that has given points stays.';
