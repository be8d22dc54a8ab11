create function ops.decide_redemption(redemption bigint, decision text, why text, at_time timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  held app.redemptions;
begin
  select * into held from app.redemptions where redemptions.id = redemption for update;
  if not found then
    return null;
  end if;
  if (decision = 'confirm' and held.status = 'confirmed') or (decision = 'cancel' and held.status = 'cancelled') then
    return jsonb_build_object('answer', 'replayed', 'customer_id', held.customer_id, 'status', held.status);
  end if;
  if held.status = 'cancelled' or (decision = 'confirm' and held.reserved_until_at <= at_time) then
    raise exception '兑换已取消或预占已超时 | The redemption was cancelled, or its reservation ran out' using errcode = 'EG409';
  end if;

  if held.reward_id is not null then
    if decision = 'cancel' then
      perform ops.take_reward_coupons(redemption, why, at_time);
    end if;
    perform ops.settle_budget_holds('reward', array[redemption::text], case decision when 'confirm' then 'committed' else 'released' end, at_time, null, true);
    perform ops.settle_rewards(array[redemption], decision);
  end if;

  update app.redemptions
  set
    status = case decision when 'confirm' then 'confirmed' else 'cancelled' end,
    confirmed_at = case decision when 'confirm' then at_time else redemptions.confirmed_at end,
    cancelled_at = case decision when 'cancel' then at_time end,
    handed_over_at = null,
    due_at = case decision
      when 'confirm' then at_time + make_interval(hours => (select rewards.handle_hours from app.rewards where rewards.id = held.reward_id))
    end,
    reason = coalesce(why, redemptions.reason),
    version = redemptions.version + 1
  where redemptions.customer_id = held.customer_id
    and redemptions.id = redemption;

  if held.reward_id is not null and decision = 'confirm' then
    perform ops.give_reward_coupons(redemption, at_time);
  end if;

  return jsonb_build_object('answer', 'accepted', 'customer_id', held.customer_id, 'status', case decision when 'confirm' then 'confirmed' else 'cancelled' end);
end;
$$;

comment on function ops.decide_redemption(bigint, text, text, timestamptz) is
  'Confirms or cancels a redemption; the same decision again changes nothing. A confirmed one may be cancelled, a cancelled one is over
(EG409), as is a reservation whose time ran out. Null when there is none.';
