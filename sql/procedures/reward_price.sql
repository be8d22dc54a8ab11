-- Whoever is in no tier yet pays as everybody.
create function ops.reward_price(reward bigint, customer bigint)
returns bigint
language sql
stable
begin atomic
  select coalesce(
    (
      select reward_prices.points
      from app.reward_prices
      inner join app.tier_states
        on tier_states.book_id = 0
        and tier_states.customer_id = customer
        and tier_states.tier_id = reward_prices.tier_id
      where reward_prices.reward_id = reward
    ),
    rewards.points
  )
  from app.rewards
  where rewards.id = reward;
end;

comment on function ops.reward_price(bigint, bigint) is 'Points that one of the reward costs the customer, in their tier of this moment.';
