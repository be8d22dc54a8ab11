-- The account is locked and up to date (ops.engine_begin locks it): nobody else can spend the same points meanwhile.
create function ops.reserve_points(customer bigint, asked jsonb, at_time timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  known app.fact_keys;
  new_id bigint := nextval('app.redemptions_id_seq');
  left_points bigint;
  minutes integer := (select points_policies.reserve_minutes from app.points_policies);
begin
  insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
  values (asked ->> 'source', 'redemption', asked ->> 'external_id', customer, new_id)
  on conflict (source, kind, external_id) do nothing;

  if not found then
    select * into strict known
    from app.fact_keys
    where fact_keys.source = asked ->> 'source'
      and fact_keys.kind = 'redemption'
      and fact_keys.external_id = asked ->> 'external_id';
    return (
      select jsonb_build_object(
        'answer', 'replayed',
        'id', redemptions.id,
        'differs', redemptions.customer_id <> customer or redemptions.points <> (asked ->> 'points')::bigint
      )
      from app.redemptions
      where redemptions.customer_id = known.customer_id
        and redemptions.id = known.fact_id
    );
  end if;

  select greatest(points_accounts.available - points_accounts.debt, 0)
  into left_points
  from app.points_accounts
  where points_accounts.book_id = 0
    and points_accounts.customer_id = customer;

  if coalesce(left_points, 0) < (asked ->> 'points')::bigint then
    raise exception '可用积分不足，还有 % | Not enough points: % left', coalesce(left_points, 0), coalesce(left_points, 0)
      using errcode = 'EG422', column = 'points';
  end if;

  insert into app.redemptions (
    customer_id, id, source, external_id, points, purpose, status, reserved_at, reserved_until_at, confirmed_at
  )
  values (
    customer,
    new_id,
    asked ->> 'source',
    asked ->> 'external_id',
    (asked ->> 'points')::bigint,
    asked ->> 'purpose',
    case when (asked ->> 'confirm')::boolean then 'confirmed' else 'reserved' end,
    at_time,
    case when not coalesce((asked ->> 'confirm')::boolean, false) then at_time + make_interval(mins => minutes) end,
    case when (asked ->> 'confirm')::boolean then at_time end
  );

  return jsonb_build_object('answer', 'accepted', 'id', new_id);
end;
$$;

comment on function ops.reserve_points(bigint, jsonb, timestamptz) is
  'Accepts a redemption once by (source, external_id) when the balance covers it; EG422 otherwise. asked: source, external_id, points,
purpose, confirm. Returns answer accepted or replayed, and its id.';
