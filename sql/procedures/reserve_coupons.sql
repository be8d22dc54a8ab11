-- All of them or none: an order that was quoted with its coupons is not charged with fewer. What is refused may be asked for again
-- under the same number, since customers change what is in the basket.
create function ops.reserve_coupons(customer bigint, asked jsonb, at timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  minutes constant integer := (select points_policies.reserve_minutes from app.points_policies);
  tokens constant text[] := array(select jsonb_array_elements_text(asked -> 'coupons'));
  said_before constant uuid := md5((asked - 'source' - 'external_id')::text)::uuid;
  checkout bigint;
  known app.fact_keys;
  quote jsonb;
  refused text;
begin
  perform ops.lock_coupon_customers(array[customer]);

  select * into known
  from app.fact_keys
  where fact_keys.source = asked ->> 'source'
    and fact_keys.kind = 'coupon_use'
    and fact_keys.external_id = asked ->> 'external_id';
  if found then
    return known.answer || jsonb_build_object(
      'answer', 'replayed',
      'id', known.fact_id,
      'differs', known.customer_id <> customer or known.digest <> said_before
    );
  end if;

  quote := ops.quote_coupons(customer, asked, tokens, at);

  -- Codes that nobody had yet become the customer's, once everything else is right.
  if (quote ->> 'usable')::boolean then
    perform ops.claim_coupon(
      customer,
      jsonb_build_object('source', 'code', 'external_id', upper(each_coupon.coupon ->> 'coupon'), 'code', each_coupon.coupon ->> 'coupon'),
      at
    )
    from jsonb_array_elements(quote -> 'coupons') as each_coupon (coupon)
    left join app.coupons
      on coupons.customer_id = reserve_coupons.customer
      and coupons.id = (each_coupon.coupon ->> 'coupon_id')::bigint
    where coupons.id is null
      or coupons.status = 'issued';
    quote := ops.quote_coupons(customer, asked, tokens, at);
  end if;

  if (quote ->> 'usable')::boolean then
    checkout := nextval('app.coupon_uses_id_seq');
    insert into app.fact_keys (source, kind, external_id, customer_id, fact_id, digest)
    values (asked ->> 'source', 'coupon_use', asked ->> 'external_id', customer, checkout, said_before)
    on conflict (source, kind, external_id) do nothing;
    if not found then
      raise exception 'The number was used by another customer meanwhile.' using errcode = 'serialization_failure';
    end if;

    insert into app.coupon_uses (
      customer_id, checkout_id, source, external_id, coupon_id, template_id, place, status, channel, goods_amount, discount_amount,
      gift_name, gift_quantity, free_shipping, cost, order_source, order_external_id, used_at, used_on, reserved_until_at
    )
    select
      coupons.customer_id,
      checkout,
      asked ->> 'source',
      asked ->> 'external_id',
      coupons.id,
      coupons.template_id,
      (told.coupon ->> 'place')::integer,
      'reserved',
      coalesce(asked ->> 'channel', 'online'),
      (told.coupon ->> 'goods_amount')::numeric,
      (told.coupon ->> 'discount_amount')::numeric,
      told.coupon -> 'gift' ->> 'name',
      (told.coupon -> 'gift' ->> 'quantity')::integer,
      (told.coupon ->> 'free_shipping')::boolean,
      coalesce(
        (terms.row).unit_cost,
        case when told.coupon ->> 'kind' = 'gift' then coupons.held_amount else (told.coupon ->> 'discount_amount')::numeric end
      ),
      case when asked ->> 'order_external_id' is not null then coalesce(asked ->> 'order_source', asked ->> 'source') end,
      asked ->> 'order_external_id',
      at,
      (at at time zone zone)::date,
      at + make_interval(mins => minutes)
    from jsonb_array_elements(quote -> 'coupons') as told (coupon)
    inner join app.coupons
      on coupons.customer_id = reserve_coupons.customer
      and coupons.id = (told.coupon ->> 'coupon_id')::bigint
    cross join lateral (select ops.coupon_terms(coupons.template_id, coupons.issued_at) as row) as terms
    order by (told.coupon ->> 'place')::integer;

    update app.coupons
    set
      status = 'reserved',
      reserved_until_at = at + make_interval(mins => minutes),
      version = coupons.version + 1
    from app.coupon_uses
    where coupon_uses.customer_id = reserve_coupons.customer
      and coupon_uses.checkout_id = checkout
      and coupons.customer_id = coupon_uses.customer_id
      and coupons.id = coupon_uses.coupon_id;

    refused := ops.hold_coupon_extras(customer, checkout, at);
    if refused is not null then
      -- Nothing of it happened; the refusal is told beside the coupon that it stands for.
      raise exception '预算不足，暂不能使用 | There is no budget for it now' using errcode = 'EG422', column = 'coupons', detail = refused;
    end if;

    update app.fact_keys
    set answer = quote
    where fact_keys.source = asked ->> 'source'
      and fact_keys.kind = 'coupon_use'
      and fact_keys.external_id = asked ->> 'external_id';
    return quote || jsonb_build_object('answer', 'accepted', 'id', checkout);
  end if;

  insert into app.coupon_refusals (customer_id, template_id, coupon_id, source, external_id, asked, refusal, asked_at)
  select
    customer,
    coupon_templates.id,
    (told.coupon ->> 'coupon_id')::bigint,
    asked ->> 'source',
    asked ->> 'external_id',
    'reserve',
    told.coupon ->> 'refusal',
    at
  from jsonb_array_elements(quote -> 'coupons') as told (coupon)
  left join app.coupon_templates
    on coupon_templates.code = told.coupon ->> 'template'
  where told.coupon ->> 'refusal' is not null;
  return quote || jsonb_build_object('answer', 'refused');
end;
$$;

comment on function ops.reserve_coupons(bigint, jsonb, timestamptz) is
  'Holds coupons for an order until it is confirmed, for the minutes of the points policy: {source, external_id, coupons, channel, shipping_fee, lines, order_source,
order_external_id}. The quote, with answer accepted and id; replayed; or refused, where any of them may not be used.';
