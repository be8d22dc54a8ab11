-- In the order of their ids, so that two who settle several never wait for each other.
create function ops.settle_rewards(redemption_ids bigint[], decision text)
returns void
language plpgsql
volatile
as $$
begin
  perform
  from app.rewards
  where rewards.id in (select redemptions.reward_id from app.redemptions where redemptions.id = any (redemption_ids))
  order by rewards.id
  for update;

  update app.rewards
  set
    reserved = rewards.reserved - decided.reserved,
    taken = rewards.taken - decided.taken + case decision when 'confirm' then decided.reserved else 0 end
  from (
    select
      redemptions.reward_id,
      coalesce(sum(redemptions.quantity) filter (where redemptions.status = 'reserved'), 0) as reserved,
      coalesce(sum(redemptions.quantity) filter (where redemptions.status = 'confirmed'), 0) as taken
    from app.redemptions
    where redemptions.id = any (redemption_ids)
    group by redemptions.reward_id
  ) as decided
  where rewards.id = decided.reward_id;

  if decision = 'confirm' then
    return;
  end if;

  update app.products
  set stock = products.stock + back.quantity
  from (
    select
      rewards.product_id,
      sum(redemptions.quantity) as quantity
    from app.redemptions
    inner join app.rewards
      on rewards.id = redemptions.reward_id
    where redemptions.id = any (redemption_ids)
      and rewards.kind = 'goods'
      and rewards.stock is null
    group by rewards.product_id
  ) as back
  where products.id = back.product_id
    and products.stock is not null;
end;
$$;

comment on function ops.settle_rewards(bigint[], text) is
  'What the decision (confirm, cancel) on redemptions means for the stock of their rewards; called while they still have their former status.';
