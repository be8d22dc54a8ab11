-- The account of the customer is held: nobody else redeems for the same customer meanwhile, so that limits hold.
create function ops.check_reward(customer bigint, reward app.rewards, quantity integer, at_time timestamptz)
returns void
language plpgsql
stable
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  on_day constant date := (at_time at time zone zone)::date;
  had bigint;
begin
  if reward.status <> 'active' then
    raise exception '“%”暂不可兑换 | “%” cannot be redeemed now', reward.name, reward.name_en
      using errcode = 'EG422', column = 'reward', detail = 'not_active';
  end if;
  if reward.starts_at > at_time then
    raise exception '“%”尚未开始兑换 | “%” cannot be redeemed yet', reward.name, reward.name_en
      using errcode = 'EG422', column = 'reward', detail = 'not_started';
  end if;
  if reward.ends_at <= at_time then
    raise exception '“%”已结束兑换 | “%” can no longer be redeemed', reward.name, reward.name_en
      using errcode = 'EG422', column = 'reward', detail = 'expired';
  end if;
  if quantity > reward.max_quantity then
    raise exception '一次最多兑换 % 份 | At most % at a time', reward.max_quantity, reward.max_quantity
      using errcode = 'EG422', column = 'quantity', detail = 'limit_reached';
  end if;

  if (reward.tiers <> '{}' or reward.segments <> '{}')
    and not exists (
      select
      from app.tier_states
      where tier_states.book_id = 0
        and tier_states.customer_id = check_reward.customer
        and tier_states.tier_id = any (reward.tiers)
    )
    and not exists (
      select
      from app.segment_memberships
      inner join base.segments
        on segments.rule_set_id = segment_memberships.rule_set_id
        and segments.segment_code = segment_memberships.segment_code
      where segment_memberships.customer_id = check_reward.customer
        and segment_memberships.left_on is null
        and segments.id = any (reward.segments)
    )
  then
    raise exception '该客户的等级或客群不能兑换“%” | The tier or segment of the customer may not redeem “%”', reward.name, reward.name_en
      using errcode = 'EG422', column = 'reward', detail = 'wrong_customer';
  end if;

  if reward.customer_limit is not null then
    select coalesce(sum(redemptions.quantity), 0)
    into had
    from app.redemptions
    where redemptions.customer_id = check_reward.customer
      and redemptions.reward_id = reward.id
      and redemptions.status <> 'cancelled'
      and redemptions.reserved_at >= case reward.limit_period
        when 'lifetime' then '-infinity'
        when 'day' then on_day::timestamp at time zone zone
        else date_trunc(reward.limit_period, on_day::timestamp) at time zone zone
      end;
    if had + quantity > reward.customer_limit then
      raise exception '已达每位客户的兑换上限 % 份 | The customer''s limit of % is reached', reward.customer_limit, reward.customer_limit
        using errcode = 'EG422', column = 'reward', detail = 'limit_reached';
    end if;
  end if;
end;
$$;

comment on function ops.check_reward(bigint, app.rewards, integer, timestamptz) is
  'Refuses (EG422, the reason as detail: not_active, not_started, expired, wrong_customer, limit_reached) what the customer may not redeem at the moment.';
