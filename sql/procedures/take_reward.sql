-- One conditional update: of many who want the last one, one gets it.
create function ops.take_reward(reward app.rewards, quantity integer, confirmed boolean)
returns void
language plpgsql
volatile
as $$
begin
  update app.rewards
  set
    reserved = rewards.reserved + case when confirmed then 0 else take_reward.quantity end,
    taken = rewards.taken + case when confirmed then take_reward.quantity else 0 end
  where rewards.id = reward.id
    and (rewards.stock is null or rewards.reserved + rewards.taken + take_reward.quantity <= rewards.stock);

  if not found then
    raise exception '“%”库存不足 | “%” is out of stock', reward.name, reward.name_en
      using errcode = 'EG422', column = 'reward', detail = 'out_of_stock';
  end if;

  if reward.stock is null and reward.kind = 'goods' then
    update app.products
    set stock = products.stock - take_reward.quantity
    where products.id = reward.product_id
      and products.stock >= take_reward.quantity;

    if not found and exists (select from app.products where products.id = reward.product_id and products.stock is not null) then
      raise exception '“%”库存不足 | “%” is out of stock', reward.name, reward.name_en
        using errcode = 'EG422', column = 'reward', detail = 'out_of_stock';
    end if;
  end if;
end;
$$;

comment on function ops.take_reward(app.rewards, integer, boolean) is
  'Takes so many of the reward''s stock, or of its product''s where it has none of its own: reserved, or taken where it is confirmed at once. EG422 with the detail out_of_stock.';
