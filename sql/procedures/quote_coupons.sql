-- In one order, whatever the order in which they are sent: those that others may join before those that stand alone, by their
-- order number, the one that ends first, the older one. Thresholds ask what the goods cost before any coupon. Each is taken off
-- what those before it left of its goods, spread over these lines to the cent, and never below what any of them leaves to pay.
create function ops.quote_coupons(customer bigint, basket jsonb, tokens text[], at timestamptz)
returns jsonb
language sql
stable
begin atomic
  with recursive lines as materialized (
    select
      given.line_no::integer as line_no,
      given.line ->> 'sku' as sku,
      products.id as product_id,
      products.category,
      round(coalesce(
        (given.line ->> 'amount')::numeric,
        (given.line ->> 'quantity')::numeric * (given.line ->> 'unit_price')::numeric
      ), 2) as amount
    from jsonb_array_elements(basket -> 'lines') with ordinality as given (line, line_no)
    left join app.products
      on products.external_id = given.line ->> 'sku'
  ),

  named as materialized (
    select
      coupons_named.*,
      row_number() over (
        partition by coalesce(coupons_named.coupon_id::text, coupons_named.free_code, 'x' || coupons_named.place)
        order by coupons_named.place
      ) as mention
    from ops.coupons_named(quote_coupons.customer, tokens) as coupons_named
  ),

  held as materialized (
    select
      named.place,
      named.token,
      named.mention,
      named.stranger,
      named.free_code,
      named.template_id,
      coupons as coupon,
      ops.coupon_terms(named.template_id, coalesce(coupons.issued_at, quote_coupons.at)) as terms
    from named
    left join app.coupons
      on coupons.customer_id = quote_coupons.customer
      and coupons.id = named.coupon_id
  ),

  goods as materialized (
    select
      held.place,
      coalesce(array_agg(lines.line_no order by lines.line_no), '{}') as line_nos,
      coalesce(sum(lines.amount), 0) as amount
    from held
    inner join lines
      on case (held.terms).scope
        when 'all' then true
        when 'categories' then lines.category = any ((held.terms).categories)
        else lines.product_id = any ((held.terms).products)
      end
    group by held.place
  ),

  judged as materialized (
    select
      held.*,
      coalesce(goods.line_nos, '{}') as line_nos,
      coalesce(goods.amount, 0) as goods_amount,
      case
        when held.stranger is not null then held.stranger
        when held.mention > 1 then 'duplicate'
        when held.free_code is not null then coalesce(
          case when (held.terms).distribution <> 'code' then 'not_offered' end,
          ops.coupon_issue_refusal(held.terms, quote_coupons.customer, true, quote_coupons.at),
          case when (held.terms).activation = 'event' then 'not_active_yet' end
        )
      end as refusal
    from held
    left join goods
      on goods.place = held.place
  ),

  ruled as materialized (
    select
      judged.*,
      coalesce(
        judged.refusal,
        case when not (judged.coupon is null) or judged.free_code is not null then
          ops.coupon_use_refusal(
            case
              when judged.free_code is null then judged.coupon
              else jsonb_populate_record(null::app.coupons, jsonb_build_object('customer_id', quote_coupons.customer, 'status', 'claimed'))
            end,
            judged.terms, basket ->> 'channel', quote_coupons.at
          )
        end,
        case
          when judged.line_nos = '{}' then 'not_applicable'
          when judged.goods_amount < (judged.terms).min_spend then 'below_minimum'
        end
      ) as reason
    from judged
  ),

  in_turn as materialized (
    select
      ruled.place,
      ruled.terms,
      ruled.line_nos,
      row_number() over (
        order by
          (ruled.terms).stacking = 'exclusive',
          (ruled.terms).stack_order,
          (ruled.coupon).valid_until_at,
          (ruled.coupon).id,
          ruled.free_code
      ) as turn
    from ruled
    where ruled.reason is null
  ),

  walk (turn, place, reason, discount, remains, shipping, floor, alone, kept, groups) as (
    select
      0::bigint,
      null::bigint,
      null::text,
      0::numeric,
      array(select lines.amount from lines order by lines.line_no),
      coalesce((basket ->> 'shipping_fee')::numeric, 0),
      0::numeric,
      false,
      0,
      '{}'::text[]

    union all

    select
      in_turn.turn,
      in_turn.place,
      verdict.reason,
      verdict.discount,
      case
        when verdict.discount = 0 or (in_turn.terms).kind = 'free_shipping' then walk.remains
        else array(
          select
            parts.amount - case
              when parts.applies then round(verdict.discount * parts.upto / money.of_goods, 2)
                - round(verdict.discount * (parts.upto - parts.amount) / money.of_goods, 2)
              else 0
            end
          from (
            select
              each_line.amount,
              each_line.line_no,
              each_line.line_no = any (in_turn.line_nos) as applies,
              sum(case when each_line.line_no = any (in_turn.line_nos) then each_line.amount else 0 end) over (order by each_line.line_no) as upto
            from unnest(walk.remains) with ordinality as each_line (amount, line_no)
          ) as parts
          order by parts.line_no
        )
      end,
      walk.shipping - case when (in_turn.terms).kind = 'free_shipping' then verdict.discount else 0 end,
      case when verdict.reason is null then greatest(walk.floor, (in_turn.terms).min_payable) else walk.floor end,
      walk.alone or (verdict.reason is null and (in_turn.terms).stacking = 'exclusive'),
      walk.kept + case when verdict.reason is null then 1 else 0 end,
      case
        when verdict.reason is null and (in_turn.terms).stacking = 'group' then walk.groups || (in_turn.terms).stack_group
        else walk.groups
      end
    from walk
    inner join in_turn
      on in_turn.turn = walk.turn + 1
    cross join lateral (
      select
        coalesce(sum(each_line.amount) filter (where each_line.line_no = any (in_turn.line_nos)), 0) as of_goods,
        coalesce(sum(each_line.amount), 0) + walk.shipping as payable
      from unnest(walk.remains) with ordinality as each_line (amount, line_no)
    ) as money
    cross join lateral (
      select
        case
          when walk.alone
            or ((in_turn.terms).stacking = 'exclusive' and walk.kept > 0)
            or ((in_turn.terms).stacking = 'group' and (in_turn.terms).stack_group = any (walk.groups))
            then 'not_combinable'
        end as reason,
        round(greatest(least(
          case (in_turn.terms).kind
            when 'percentage' then least(money.of_goods * (in_turn.terms).discount_rate, (in_turn.terms).max_discount)
            when 'free_shipping' then walk.shipping
            when 'gift' then 0
            else (in_turn.terms).amount
          end,
          case when (in_turn.terms).kind = 'free_shipping' then walk.shipping else money.of_goods end,
          money.payable - greatest(walk.floor, (in_turn.terms).min_payable)
        ), 0), 2) as discount
    ) as offer
    cross join lateral (
      select
        told.reason,
        case when told.reason is null then offer.discount else 0 end as discount
      from (
        select
          coalesce(
            offer.reason,
            -- What takes nothing off is kept for another order.
            case
              when (in_turn.terms).kind = 'gift' and money.payable >= (in_turn.terms).min_payable then null
              when (in_turn.terms).kind = 'free_shipping' and basket ->> 'shipping_fee' is null then null
              when offer.discount = 0 then 'nothing_left'
            end
          ) as reason
      ) as told
    ) as verdict
  ),

  last as (
    select
      walk.remains,
      walk.shipping
    from walk
    order by walk.turn desc
    limit 1
  )

  select jsonb_build_object(
    'goods_amount', (select coalesce(sum(lines.amount), 0) from lines)::numeric(14, 2)::text,
    'shipping_fee', case when basket ->> 'shipping_fee' is not null then (basket ->> 'shipping_fee')::numeric(14, 2)::text end,
    'discount_amount', (select coalesce(sum(walk.discount), 0) from walk)::numeric(14, 2)::text,
    'total', (last.shipping + (select coalesce(sum(left_over.amount), 0) from unnest(last.remains) as left_over (amount)))::numeric(14, 2)::text,
    'usable', not exists (select from ruled left join walk on walk.place = ruled.place where coalesce(ruled.reason, walk.reason) is not null),
    'lines', (
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'line_no', lines.line_no,
          'sku', lines.sku,
          'amount', lines.amount::numeric(14, 2)::text,
          'discount_amount', (lines.amount - last.remains[lines.line_no])::numeric(14, 2)::text
        )
        order by lines.line_no
      ), '[]')
      from lines
    ),
    'coupons', (
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'coupon', ruled.token,
          'coupon_id', (ruled.coupon).id,
          'template', (ruled.terms).code,
          'name', (ruled.terms).name,
          'name_en', (ruled.terms).name_en,
          'kind', (ruled.terms).kind,
          'place', case when coalesce(ruled.reason, walk.reason) is null then walk.turn end,
          'refusal', coalesce(ruled.reason, walk.reason),
          'goods_amount', ruled.goods_amount::numeric(14, 2)::text,
          'discount_amount', coalesce(walk.discount, 0)::numeric(14, 2)::text,
          'free_shipping', (ruled.terms).kind = 'free_shipping' and coalesce(ruled.reason, walk.reason) is null,
          'gift', case
            when (ruled.terms).kind = 'gift' and coalesce(ruled.reason, walk.reason) is null then jsonb_build_object(
              'sku', gifts.external_id,
              'name', coalesce(gifts.name, (ruled.terms).gift_name),
              'quantity', (ruled.terms).gift_quantity
            )
          end
        )
        order by ruled.place
      ), '[]')
      from ruled
      left join walk
        on walk.place = ruled.place
      left join app.products as gifts
        on gifts.id = (ruled.terms).gift_product_id
    )
  )
  from last;
end;

comment on function ops.quote_coupons(bigint, jsonb, text[], timestamptz) is
  'What coupons come to on an order of {channel, shipping_fee, lines: [{sku, quantity, unit_price or amount}]}: of each its discount, gift or refusal; of each
line its part; the total. Refusals: code_unknown, wrong_customer, void, duplicate, used_already, in_use, pool_empty, not_active_yet, not_claimed, not_started,
expired, wrong_channel, not_first_order, not_applicable, below_minimum, out_of_stock, not_combinable, nothing_left, and those of ops.issue_coupons for a
code that nobody has yet. Changes nothing.';
