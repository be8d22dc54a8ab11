-- After a change of a task: what cannot be said over one record alone.
create function ops.guard_tasks(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  wrong record;
begin
  perform ops.keep_task_version(record_id, user_id);
  if after is null then
    return;
  end if;

  select looked_at.*
  into wrong
  from (
    select
      row_number() over (order by task_steps.position, task_steps.id) - 1 as place,
      case
        when task_steps.goal in ('events', 'days', 'streak_days', 'streak_weeks') and task_steps.event_kind is null
          then 'event_needed'
        when task_steps.goal <> 'spend' and task_steps.target <> trunc(task_steps.target) then 'whole_target'
        when task_steps.goal not in ('orders', 'spend', 'shares_sold') and task_steps.min_amount is not null then 'no_amount'
        when after ->> 'step_order' = 'in_order'
          and task_steps.times is null
          and task_steps.position < max(task_steps.position) over () then 'endless_step'
        when after ->> 'status' = 'active' and coupon_templates.status in ('draft', 'ended') then 'coupon_unusable'
        when after ->> 'status' = 'active' and benefit_packages.status <> 'active' then 'package_unusable'
        when task_steps.goal in ('streak_days', 'days')
          and task_steps.target > case after ->> 'repeat_period' when 'day' then 1 when 'week' then 7 when 'month' then 31 end
          then 'too_short'
      end as fault
    from app.task_steps
    left join app.coupon_templates
      on coupon_templates.id = task_steps.coupon_template_id
    left join app.benefit_packages
      on benefit_packages.id = task_steps.package_id
    where task_steps.task_id = record_id
  ) as looked_at
  where looked_at.fault is not null
  order by looked_at.place
  limit 1;

  if found then
    raise exception '%', case wrong.fault
        when 'event_needed' then '请选择统计哪种行为 | Choose which activity is counted'
        when 'whole_target' then '目标须为整数 | The target must be a whole number'
        when 'no_amount' then '此目标没有订单金额，请清空 | This goal has no order amount: leave it empty'
        when 'endless_step' then '逐级完成时，后面还有步骤的须限定次数 | A step that others come after must say how many times'
        when 'coupon_unusable' then '优惠券尚未启用或已结束 | The coupon is a draft, or has ended'
        when 'package_unusable' then '权益包未在发放中 | The package is not granted now'
        when 'too_short' then '一个周期内达不到目标天数 | A period has fewer days than the target asks for'
      end
      using
        errcode = 'EG422',
        column = 'steps.' || wrong.place || '.' || case wrong.fault
          when 'event_needed' then 'event_kind'
          when 'no_amount' then 'min_amount'
          when 'endless_step' then 'times'
          when 'coupon_unusable' then 'coupon_template_id'
          when 'package_unusable' then 'package_id'
          else 'target'
        end,
        detail = wrong.fault;
  end if;

  if after ->> 'status' = 'active' and not exists (select from app.task_steps where task_steps.task_id = record_id) then
    raise exception '任务还没有步骤 | There is no step yet'
      using errcode = 'EG422', column = 'steps', hint = '请至少添加一步，或先存为草稿 | Add one, or keep it as a draft';
  end if;
end;
$$;

comment on function ops.guard_tasks(bigint, bigint, jsonb, jsonb) is
  'A step says all that its goal needs, and an active task gives what can be given. Keeps the task as it holds from now on.';
