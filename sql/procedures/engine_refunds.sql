create function ops.engine_refunds(run bigint, this_round integer)
returns table (
  book_id bigint,
  customer_id bigint,
  origin_id bigint,
  rule_id bigint,
  claw bigint
)
language sql
volatile
-- Few orders of a round are sent back.
rows 10
begin atomic
  with lots as materialized (
    select
      points_lots.*,
      engine_turns.occurred_at,
      engine_turns.rank,
      engine_turns.source,
      engine_turns.external_id
    from app.engine_turns
    cross join lateral (
      select *
      from app.points_lots as found
      where found.book_id = engine_turns.book_id
        and found.customer_id = engine_turns.customer_id
        and found.origin_kind = 'order'
        and found.origin_id = engine_turns.order_id
      offset 0
    ) as points_lots
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.fact_kind in ('order', 'return')
      and engine_turns.order_id is not null
      -- Hardly any order that comes is refunded already.
      and exists (
        select
        from app.returns
        where returns.customer_id = engine_turns.customer_id
          and returns.order_id = engine_turns.order_id
      )
  ),

  refunded as (
    select
      lots.book_id,
      lots.customer_id,
      lots.origin_id,
      lots.rule_id,
      sum(returns.amount) as amount,
      sum(
        case
          when lots.detail ->> 'scope' is null then returns.amount
          -- Of a line: all of it or nothing. Of the order as a whole: the share that the lines of the rule have in it.
          when returns.line_no is null and returns.sku is null
            then returns.amount * lots.basis_amount / nullif(orders.amount, 0)
          when exists (
            select
            from app.order_lines
            left join app.products
              on products.id = order_lines.product_id
            where order_lines.customer_id = returns.customer_id
              and order_lines.order_id = returns.order_id
              and (returns.line_no is null or order_lines.line_no = returns.line_no)
              and (returns.sku is null or order_lines.sku = returns.sku)
              and (
                lots.detail -> 'categories' ? products.category
                or lots.detail -> 'products' @> to_jsonb(order_lines.product_id)
              )
          ) then returns.amount
          else 0
        end
      ) as of_basis,
      orders.amount as order_amount
    from lots
    inner join app.orders
      on orders.customer_id = lots.customer_id
      and orders.id = lots.origin_id
    inner join app.returns
      on returns.customer_id = lots.customer_id
      and returns.order_id = lots.origin_id
    where (returns.returned_at, 6, returns.source collate "C", returns.external_id collate "C")
      <= (lots.occurred_at, lots.rank, lots.source collate "C", lots.external_id collate "C")
    group by lots.book_id, lots.customer_id, lots.origin_id, lots.rule_id, orders.amount
  )

  select
    lots.book_id,
    lots.customer_id,
    lots.origin_id,
    lots.rule_id,
    lots.issued - lots.reversed
    - case
        when refunded.amount >= refunded.order_amount or lots.basis_amount = 0 then 0
        else least(
          lots.issued,
          greatest(
            floor(round(lots.raw_points * (lots.basis_amount - refunded.of_basis) / lots.basis_amount, 6)),
            0
          )
        )
      end::bigint as claw
  from lots
  inner join refunded
    on refunded.book_id = lots.book_id
    and refunded.customer_id = lots.customer_id
    and refunded.origin_id = lots.origin_id
    and refunded.rule_id = lots.rule_id
  where lots.issued - lots.reversed > case
      when refunded.amount >= refunded.order_amount or lots.basis_amount = 0 then 0
      else least(
        lots.issued,
        greatest(
          floor(round(lots.raw_points * (lots.basis_amount - refunded.of_basis) / lots.basis_amount, 6)),
          0
        )
      )
    end;
end;

comment on function ops.engine_refunds(bigint, integer) is
  'How many points each lot of the orders of the round must give back: what was given, less what the part that is not refunded is
worth, rounded down. A whole refund leaves none.';
