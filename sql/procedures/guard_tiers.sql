-- After a change of a tier: what cannot be said over one record alone.
create function ops.guard_tiers(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  fault record;
begin
  if after is null then
    perform ops.keep_version('tiers', record_id, user_id, null);
    return;
  end if;

  -- Two people who move neighbouring thresholds at once see each other's change.
  perform pg_advisory_xact_lock(hashtextextended('evergreen tiers', 0));

  -- People are counted whole.
  select
    case when tier_criteria.position = 0 then '' else format('criteria.%s.', tier_criteria.position - 1) end
    || thresholds.name as field
  into fault
  from base.tier_criteria
  cross join lateral (
    values ('enter_at', tier_criteria.enter_at), ('retain_at', tier_criteria.retain_at), ('reenter_at', tier_criteria.reenter_at)
  ) as thresholds (name, value)
  where tier_criteria.tier_id = record_id
    and tier_criteria.basis in ('orders', 'referrals')
    and thresholds.value <> trunc(thresholds.value)
  limit 1;

  if found then
    raise exception '订单数与人数须为整数 | Orders and people are counted in whole numbers'
      using errcode = 'EG422', column = fault.field;
  end if;

  select
    tier_criteria.basis
  into fault
  from base.tier_criteria
  where tier_criteria.tier_id = record_id
  group by
    tier_criteria.basis, tier_criteria.window_kind, tier_criteria.window_days, tier_criteria.window_start_month
  having count(*) > 1
  limit 1;

  if found then
    raise exception '同一依据与周期只能出现一次 | The same basis and period can stand only once'
      using errcode = 'EG422', column = 'criteria';
  end if;

  -- What the rules of the definition ask of the first criterion, of the others.
  select
    criteria.number,
    criteria.field
  into fault
  from (
    select
      tier_criteria.position as number,
      case
        when tier_criteria.window_kind = 'rolling' and tier_criteria.window_days is null then 'window_days'
        when tier_criteria.basis in ('spend', 'orders', 'growth', 'referrals') and tier_criteria.enter_at is null then 'enter_at'
        when tier_criteria.basis = 'segment' and cardinality(tier_criteria.segments) = 0 then 'segments'
        when tier_criteria.retain_at > tier_criteria.enter_at then 'retain_at'
        when tier_criteria.reenter_at < tier_criteria.retain_at then 'reenter_at'
      end as field
    from base.tier_criteria
    where tier_criteria.tier_id = record_id
      and tier_criteria.position > 0
  ) as criteria
  where criteria.field is not null
  order by criteria.number
  limit 1;

  if found then
    raise exception '% | %',
      case fault.field
        when 'window_days' then '滚动周期需要填写天数'
        when 'enter_at' then '请填写升级门槛'
        when 'segments' then '请选择客群'
        when 'retain_at' then '保级门槛不能高于升级门槛'
        else '重回门槛不能低于保级门槛'
      end,
      case fault.field
        when 'window_days' then 'A rolling period needs its number of days'
        when 'enter_at' then 'Fill in the enter threshold'
        when 'segments' then 'Choose the segments'
        when 'retain_at' then 'The retain threshold must not exceed the enter threshold'
        else 'The re-enter threshold must not be below the retain threshold'
      end
      using errcode = 'EG422', column = format('criteria.%s.%s', fault.number - 1, fault.field);
  end if;

  -- Higher tiers ask for more of the same. What else a tier demands beside it may let the first threshold be equal.
  select
    thresholds.name as threshold,
    case when own.position = 0 then '' else format('criteria.%s.', own.position - 1) end || thresholds.name as field,
    case thresholds.name
      when 'enter_at' then '升级门槛'
      when 'retain_at' then '保级门槛'
      else '重回门槛'
    end as label,
    case thresholds.name
      when 'enter_at' then 'enter'
      when 'retain_at' then 'retain'
      else 're-enter'
    end as label_en,
    own.rank > other.rank as above,
    other_tiers.name,
    other_tiers.name_en,
    thresholds.others
  into fault
  from base.tier_criteria as own
  inner join base.tier_criteria as other
    on other.tier_id <> own.tier_id
    and other.status = 'active'
    and other.basis = own.basis
    and other.window_kind = own.window_kind
    and other.window_days is not distinct from own.window_days
    and other.window_start_month is not distinct from own.window_start_month
    and ((other.sufficient and own.sufficient) or (other.position = 0 and own.position = 0))
  inner join app.tiers as other_tiers
    on other_tiers.id = other.tier_id
  cross join lateral (
    values
      (1, 'enter_at', own.enter_at, other.enter_at),
      (2, 'retain_at', own.retain_at, other.retain_at),
      (3, 'reenter_at', own.reenter_at, other.reenter_at)
  ) as thresholds (place, name, owns, others)
  where own.tier_id = record_id
    and own.status = 'active'
    and (
      case
        when own.rank > other.rank then thresholds.owns < thresholds.others
        else thresholds.owns > thresholds.others
      end
      or (
        thresholds.name = 'enter_at'
        and thresholds.owns = thresholds.others
        and case when own.rank > other.rank then own.sufficient else other.sufficient end
      )
    )
  order by own.position, thresholds.place, abs(own.rank - other.rank)
  limit 1;

  if found then
    raise exception '%须%“%”的 % | The % threshold must be % that of “%”, %',
      fault.label,
      case
        when fault.threshold = 'enter_at' then case when fault.above then '高于' else '低于' end
        else case when fault.above then '不低于' else '不高于' end
      end,
      fault.name,
      fault.others,
      fault.label_en,
      case
        when fault.threshold = 'enter_at' then case when fault.above then 'above' else 'below' end
        else case when fault.above then 'at least' else 'at most' end
      end,
      fault.name_en,
      fault.others
      using errcode = 'EG422', column = fault.field, hint = '等级越高，门槛越高 | The higher the tier, the higher its thresholds';
  end if;

  select
    floors.name,
    floors.name_en,
    case when upper.id = record_id then 'floor_tier_id' else 'rank' end as field
  into fault
  from app.tiers as upper
  inner join app.tiers as floors
    on floors.id = upper.floor_tier_id
  where record_id in (upper.id, floors.id)
    and floors.rank >= upper.rank
  limit 1;

  if found then
    raise exception '保底等级“%”须低于所属等级 | The floor “%” must be below the tier that has it', fault.name, fault.name_en
      using errcode = 'EG422', column = fault.field;
  end if;

  if after ->> 'status' = 'retired' and exists (
    select
    from app.tiers
    where tiers.floor_tier_id = record_id
      and tiers.status = 'active'
  ) then
    raise exception '仍有等级以它为保底等级 | Other tiers have it as their floor'
      using errcode = 'EG422', column = 'status';
  end if;

  -- What only names it changes nothing about who is in it.
  if before is null or (after - array['name', 'name_en', 'color', 'description', 'redeem_points', 'version', 'updated_at', 'extras'])
    is distinct from (before - array['name', 'name_en', 'color', 'description', 'redeem_points', 'version', 'updated_at', 'extras'])
  then
    perform ops.keep_version(
      'tiers',
      record_id,
      user_id,
      (
        select to_jsonb(tiers) - array['name', 'name_en', 'color', 'description', 'created_at', 'updated_at', 'version', 'extras']
        from app.tiers
        where tiers.id = record_id
      )
    );
  end if;
end;
$$;

comment on function ops.guard_tiers(bigint, bigint, jsonb, jsonb) is
  'Thresholds of one basis and period rise with the rank, also when several people change tiers at once; a floor lies below the tier that has it; every further criterion is complete.';
