create function ops.automation_faults(steps jsonb)
returns table (place integer, field text, key text, said text, said_en text)
language sql
stable
begin atomic
  with recursive listed as materialized (
    select
      (given.place - 1)::integer as place,
      given.step,
      given.step ->> 'code' as code,
      given.step ->> 'kind' as kind,
      coalesce(lead(given.step ->> 'code') over (order by given.place), 'end') as following
    from jsonb_array_elements(automation_faults.steps) with ordinality as given (step, place)
  ),

  leads as materialized (
    select
      listed.place,
      listed.code,
      listed.kind,
      ways.field,
      coalesce(nullif(listed.step ->> ways.field, ''), listed.following) as target
    from listed
    cross join lateral unnest(
      case when listed.kind in ('condition', 'split') then array['yes_step', 'no_step'] else array['next_step'] end
    ) as ways (field)
  ),

  reached as (
    select listed.code
    from listed
    where listed.place = 0
    union
    select leads.target
    from reached
    inner join leads
      on leads.code = reached.code
  ),

  -- From each step on as far as one gets without waiting.
  runs_on as (
    select
      leads.code as origin,
      leads.target
    from leads
    where leads.kind <> 'wait'
    union
    select
      runs_on.origin,
      leads.target
    from runs_on
    inner join leads
      on leads.code = runs_on.target
      and leads.kind <> 'wait'
  )

  select
    leads.place,
    leads.field,
    'step_unknown',
    format('没有编码为“%s”的步骤', leads.target),
    format('There is no step “%s”', leads.target)
  from leads
  where leads.target <> 'end'
    and not exists (select from listed where listed.code = leads.target)

  union all

  select
    listed.place,
    'code',
    'step_reserved',
    '“end”表示结束，不能作为步骤编码',
    '“end” means the end: no step can be called so'
  from listed
  where listed.code = 'end'

  union all

  select
    listed.place,
    'code',
    'step_unreachable',
    format('没有任何步骤通向“%s”', listed.code),
    format('No step leads to “%s”', listed.code)
  from listed
  where not exists (select from reached where reached.code = listed.code)

  union all

  select
    leads.place,
    leads.field,
    'loop_without_wait',
    '这一步会不经等待回到自身，请加入等待',
    'It comes round to itself without a wait'
  from leads
  where leads.kind <> 'wait'
    and (
      leads.target = leads.code
      or exists (select from runs_on where runs_on.origin = leads.target and runs_on.target = leads.code)
    )

  union all

  select
    listed.place,
    'coupon_template_id',
    'coupon_not_active',
    '优惠券不在发放中',
    'The coupon is not given out'
  from listed
  where listed.kind = 'coupon'
    and not exists (
      select
      from app.coupon_templates
      where coupon_templates.id = (listed.step ->> 'coupon_template_id')::bigint
        and coupon_templates.status in ('active', 'paused')
    )

  union all

  select
    listed.place,
    'message_template_id',
    'template_not_active',
    '消息模板不在使用中',
    'The message template is not in use'
  from listed
  where listed.kind in ('message', 'community')
    and not exists (
      select
      from app.message_templates
      where message_templates.id = (listed.step ->> 'message_template_id')::bigint
        and message_templates.status = 'active'
    )

  union all

  select
    listed.place,
    'package_id',
    'package_not_active',
    '权益包不在发放中',
    'The package is not granted'
  from listed
  where listed.kind = 'package'
    and not exists (
      select
      from app.benefit_packages
      where benefit_packages.id = (listed.step ->> 'package_id')::bigint
        and benefit_packages.status = 'active'
    )

  union all

  select
    listed.place,
    'benefit_id',
    'benefit_not_active',
    '该权益未启用，或只能随权益包、等级发放',
    'The benefit is not given out, or only by packages or tiers'
  from listed
  where listed.kind = 'benefit'
    and not exists (
      select
      from app.benefits
      where benefits.id = (listed.step ->> 'benefit_id')::bigint
        and benefits.status = 'active'
        and not benefits.by_package_only
        -- It counts by tier or card, not by use.
        and benefits.kind <> 'point_multiplier'
    )

  union all

  select
    listed.place,
    'community_id',
    'community_closed',
    '社群不在运营中',
    'The community is not active'
  from listed
  where listed.kind = 'community'
    and not exists (
      select
      from app.communities
      where communities.id = (listed.step ->> 'community_id')::bigint
        and communities.status = 'active'
    );
end;

comment on function ops.automation_faults(jsonb) is
  'What is wrong with the steps of an automation, each with the place of the step (from 0) and the field: a target that is missing, a step that nothing leads to, a circle without a wait, something that cannot be given.';
