create function ops.redeem_by_orders(customers bigint[], at timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  work jsonb;
begin
  -- What each order names that was not seen to yet.
  select jsonb_agg(to_jsonb(asking) order by asking.ordered_at, asking.order_id, asking.token)
  into work
  from (
    select
      orders.customer_id,
      orders.id as order_id,
      orders.source,
      orders.external_id,
      orders.channel,
      orders.discount_amount,
      coalesce(orders.paid_at, orders.placed_at) as ordered_at,
      named.token,
      named.coupon_id,
      named.free_code,
      named.stranger,
      row_number() over (partition by coalesce(named.coupon_id::text, named.free_code) order by coalesce(orders.paid_at, orders.placed_at), orders.id) as turn
    from app.orders
    cross join lateral ops.coupons_named(
      orders.customer_id,
      regexp_split_to_array(btrim(orders.coupon_code), '[,;\s]+')
    ) as named
    where orders.customer_id = any (redeem_by_orders.customers)
      and orders.customer_id <> 0
      and orders.coupon_code is not null
      and (orders.status in ('paid', 'completed') or orders.paid_at is not null)
      -- Codes that the shop made for itself are none of ours.
      and named.stranger is distinct from 'code_unknown'
      and not exists (
        select
        from app.coupon_uses
        left join app.coupon_templates
          on coupon_templates.id = coupon_uses.template_id
        left join app.coupons
          on coupons.customer_id = coupon_uses.customer_id
          and coupons.id = coupon_uses.coupon_id
        where coupon_uses.customer_id = orders.customer_id
          and coupon_uses.order_id = orders.id
          and coupon_uses.status in ('redeemed', 'returned')
          and (coupon_uses.coupon_id = named.coupon_id or coupon_templates.code = named.token or coupons.code = upper(named.token))
      )
      and not exists (
        select
        from app.coupon_refusals
        where coupon_refusals.customer_id = orders.customer_id
          and coupon_refusals.source = orders.source
          and coupon_refusals.external_id = orders.external_id || ' ' || named.token
          and coupon_refusals.asked = 'order'
      )
  ) as asking;

  if work is null then
    return;
  end if;

  -- Codes that somebody brought along become theirs.
  perform ops.claim_coupon(
    named.customer_id,
    jsonb_build_object('source', 'code', 'external_id', named.free_code, 'code', named.free_code),
    named.ordered_at
  )
  from jsonb_to_recordset(work) as named (customer_id bigint, free_code text, turn integer, ordered_at timestamptz)
  where named.free_code is not null
    and named.turn = 1;

  -- A reservation that did not say which order it was for was for this one.
  update app.coupon_uses
  set
    order_id = meant.order_id,
    order_source = meant.source,
    order_external_id = meant.external_id
  from (
    select distinct on (coupon_uses.checkout_id)
      coupon_uses.customer_id,
      coupon_uses.checkout_id,
      named.order_id,
      named.source,
      named.external_id
    from jsonb_to_recordset(work) as named (customer_id bigint, coupon_id bigint, order_id bigint, source text, external_id text, turn integer)
    inner join app.coupon_uses
      on coupon_uses.customer_id = named.customer_id
      and coupon_uses.coupon_id = named.coupon_id
      and coupon_uses.status = 'reserved'
      and coupon_uses.order_external_id is null
    where named.turn = 1
    order by
      coupon_uses.checkout_id,
      named.order_id
  ) as meant
  where coupon_uses.customer_id = meant.customer_id
    and coupon_uses.checkout_id = meant.checkout_id
    and coupon_uses.status = 'reserved';

  -- An order says more than a reservation for another one.
  perform ops.release_coupon_uses(array_agg(coupon_uses.id), 'used_by_order', redeem_by_orders.at)
  from jsonb_to_recordset(work) as named (customer_id bigint, coupon_id bigint, order_id bigint, turn integer)
  inner join app.coupon_uses
    on coupon_uses.customer_id = named.customer_id
    and coupon_uses.coupon_id = named.coupon_id
    and coupon_uses.status = 'reserved'
    and coupon_uses.order_id is distinct from named.order_id
  where named.turn = 1
  having count(*) > 0;

  with named as materialized (
    select
      given.*,
      coupons as coupon,
      ops.coupon_terms(coupons.template_id, coupons.issued_at) as terms
    from jsonb_to_recordset(work) as given (
      customer_id bigint, order_id bigint, source text, external_id text, channel text, discount_amount numeric, ordered_at timestamptz,
      token text, coupon_id bigint, free_code text, stranger text, turn integer
    )
    left join app.coupons
      on coupons.customer_id = given.customer_id
      and (coupons.id = given.coupon_id or coupons.code = given.free_code)
  ),

  judged as materialized (
    select
      named.*,
      case
        when named.stranger is not null then named.stranger
        when (named.coupon).id is null then 'not_offered'
        when named.turn > 1 or (named.coupon).status = 'redeemed' then 'used_already'
        when (named.coupon).status = 'void' then 'void'
        when (named.coupon).status = 'waiting' then 'pool_empty'
        when (named.coupon).status = 'inactive' then 'not_active_yet'
        when (named.coupon).status = 'issued' and (named.terms).distribution <> 'code' then 'not_claimed'
        -- It is the day of the order that counts, not the day on which it is heard of.
        when (named.coupon).valid_from_at > named.ordered_at then 'not_started'
        when (named.coupon).valid_until_at <= named.ordered_at then 'expired'
      end as refusal
    from named
  ),

  refused as (
    insert into app.coupon_refusals (customer_id, template_id, coupon_id, source, external_id, asked, refusal, asked_at)
    select
      judged.customer_id,
      (judged.coupon).template_id,
      (judged.coupon).id,
      judged.source,
      judged.external_id || ' ' || judged.token,
      'order',
      judged.refusal,
      judged.ordered_at
    from judged
    where judged.refusal is not null
  ),

  brought_back as (
    update app.coupons
    set
      status = 'reserved',
      ended_at = null,
      claimed_at = coalesce(coupons.claimed_at, judged.ordered_at),
      claimed_on = coalesce(coupons.claimed_on, (judged.ordered_at at time zone zone)::date),
      valid_from_at = coalesce(coupons.valid_from_at, judged.ordered_at),
      valid_until_at = coalesce(coupons.valid_until_at, ops.coupon_ends(judged.terms, judged.ordered_at)),
      version = coupons.version + 1
    from judged
    where judged.refusal is null
      and (judged.coupon).status <> 'reserved'
      and coupons.customer_id = judged.customer_id
      and coupons.id = (judged.coupon).id
  )

  insert into app.coupon_uses (
    customer_id, checkout_id, source, external_id, coupon_id, template_id, status, channel, discount_amount, gift_name, gift_quantity,
    free_shipping, cost, order_source, order_external_id, order_id, used_at, used_on
  )
  select
    judged.customer_id,
    nextval('app.coupon_uses_id_seq'),
    judged.source,
    judged.external_id,
    (judged.coupon).id,
    (judged.coupon).template_id,
    'reserved',
    judged.channel,
    worth.discount,
    case when (judged.terms).kind = 'gift' then coalesce((judged.terms).gift_name, products.name) end,
    case when (judged.terms).kind = 'gift' then (judged.terms).gift_quantity end,
    (judged.terms).kind = 'free_shipping',
    coalesce((judged.terms).unit_cost, case when (judged.terms).kind = 'gift' then (judged.coupon).held_amount else worth.discount end),
    judged.source,
    judged.external_id,
    judged.order_id,
    judged.ordered_at,
    (judged.ordered_at at time zone zone)::date
  from judged
  left join app.products
    on products.id = (judged.terms).gift_product_id
  cross join lateral (
    select case
      when (judged.terms).kind in ('gift', 'free_shipping') then 0
      else least(judged.discount_amount, case (judged.terms).kind when 'percentage' then (judged.terms).max_discount else (judged.terms).amount end)
    end as discount
  ) as worth
  where judged.refusal is null
    -- Reserved for this order: it is redeemed as it was reserved.
    and (judged.coupon).status <> 'reserved';

  perform ops.redeem_coupon_uses(array_agg(coupon_uses.id order by coupon_uses.id), array_agg(named.ordered_at order by coupon_uses.id))
  from (
    select distinct given.customer_id, given.order_id, given.ordered_at
    from jsonb_to_recordset(work) as given (customer_id bigint, order_id bigint, ordered_at timestamptz)
  ) as named
  inner join app.coupon_uses
    on coupon_uses.customer_id = named.customer_id
    and coupon_uses.order_id = named.order_id
    and coupon_uses.status = 'reserved'
  having count(*) > 0;
end;
$$;

comment on function ops.redeem_by_orders(bigint[], timestamptz) is
  'Orders that were paid redeem the coupons they name (coupon_code, several with commas between): as reserved for them, or at what the order took off. What they may not have is kept as a refusal; the order stays as it is.';
