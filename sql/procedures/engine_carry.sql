create function ops.engine_carry(run bigint, book bigint)
returns void
language plpgsql
volatile
as $$
begin
  update app.tier_states
  set
    spend_missing = tier_states.spend_missing - turned.spend,
    orders_missing = tier_states.orders_missing - turned.orders
  from (
    select
      engine_turns.customer_id,
      max(engine_turns.spend_upto) as spend,
      max(engine_turns.orders_upto) as orders
    from app.engine_turns
    where engine_turns.run_id = run
    group by engine_turns.customer_id
    having max(engine_turns.orders_upto) > 0
  ) as turned
  where tier_states.book_id = book
    and tier_states.customer_id = turned.customer_id
    and (tier_states.spend_missing < 'Infinity' or tier_states.orders_missing < 'Infinity');
end;
$$;

comment on function ops.engine_carry(bigint, bigint) is
  'From here on what is missing to the next tier is counted from the last fact of the run; its turns are cleared afterwards.';
