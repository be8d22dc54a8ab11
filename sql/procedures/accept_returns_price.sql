create function ops.accept_returns_price(batch bigint, this_round integer)
returns void
language plpgsql
volatile
as $$
begin
  with facts as (
    select
      import_returns.item_no,
      import_returns.customer_id,
      import_returns.order_id,
      import_returns.line_no,
      import_returns.sku,
      import_returns.quantity,
      import_returns.amount,
      orders.amount as order_amount,
      orders.returned_amount,
      orders.amount - orders.returned_amount as left_of_order,
      import_returns.line_no is not null or import_returns.sku is not null as by_line
    from app.import_returns
    inner join app.orders
      on orders.customer_id = import_returns.customer_id
      and orders.id = import_returns.order_id
    where import_returns.batch_id = accept_returns_price.batch
      and import_returns.round = accept_returns_price.this_round
      and import_returns.answer is null
  ),
  -- What was paid for a line: its share of the order after discount, so that the shares add up to the order to the cent.
  paid_lines as (
    select
      order_lines.customer_id,
      order_lines.order_id,
      order_lines.line_no,
      order_lines.sku,
      order_lines.quantity,
      coalesce(
        round(facts.order_amount * sum(order_lines.amount) over upto / nullif(sum(order_lines.amount) over whole, 0), 2)
        - round(
          facts.order_amount * (sum(order_lines.amount) over upto - order_lines.amount)
          / nullif(sum(order_lines.amount) over whole, 0), 2
        ),
        0
      ) as paid
    from facts
    inner join app.order_lines
      on order_lines.customer_id = facts.customer_id
      and order_lines.order_id = facts.order_id
    where facts.by_line
    window
      whole as (partition by order_lines.customer_id, order_lines.order_id),
      upto as (partition by order_lines.customer_id, order_lines.order_id order by order_lines.line_no)
  ),
  bought as (
    select
      facts.item_no,
      sum(paid_lines.quantity) as quantity,
      sum(paid_lines.paid) as paid,
      array_agg(paid_lines.line_no) as line_nos,
      array_agg(paid_lines.sku) as skus
    from facts
    inner join paid_lines
      on paid_lines.customer_id = facts.customer_id
      and paid_lines.order_id = facts.order_id
      and (facts.line_no is null or paid_lines.line_no = facts.line_no)
      and (facts.sku is null or paid_lines.sku = facts.sku)
    where facts.by_line
    group by facts.item_no
  ),
  returned as (
    select
      facts.item_no,
      coalesce(sum(returns.quantity), 0) as quantity,
      coalesce(sum(returns.amount), 0) as amount
    from facts
    inner join bought
      on bought.item_no = facts.item_no
    left join app.returns
      on returns.customer_id = facts.customer_id
      and returns.order_id = facts.order_id
      and (returns.line_no = any (bought.line_nos) or (returns.line_no is null and returns.sku = any (bought.skus)))
    group by facts.item_no
  ),
  priced as (
    select
      facts.item_no,
      facts.by_line,
      facts.left_of_order,
      facts.returned_amount,
      facts.amount as asked_amount,
      bought.item_no is not null as line_known,
      bought.quantity - returned.quantity as left_quantity,
      bought.paid - returned.amount as left_of_line,
      case
        when facts.by_line and facts.quantity is null and facts.amount is null then bought.quantity - returned.quantity
        else facts.quantity
      end as quantity,
      case
        when facts.amount is not null then facts.amount
        when not facts.by_line then facts.left_of_order
        when coalesce(facts.quantity, bought.quantity - returned.quantity) >= bought.quantity - returned.quantity
          then bought.paid - returned.amount
        else round(bought.paid * facts.quantity / bought.quantity, 2)
      end as amount
    from facts
    left join bought
      on bought.item_no = facts.item_no
    left join returned
      on returned.item_no = facts.item_no
  ),
  judged as (
    select
      priced.*,
      case
        when priced.by_line and not priced.line_known then 'line_unknown'
        when priced.by_line and priced.quantity > priced.left_quantity then 'quantity_exceeds'
        when priced.by_line and priced.left_quantity <= 0 and priced.asked_amount is null then 'nothing_left'
        when priced.by_line and priced.amount > priced.left_of_line then 'amount_exceeds'
        when priced.asked_amount is null and priced.left_of_order <= 0 and priced.returned_amount > 0 then 'nothing_left'
        when priced.amount > priced.left_of_order then 'amount_exceeds'
      end as refusal
    from priced
  )
  update app.import_returns
  set
    quantity = judged.quantity,
    amount = greatest(judged.amount, 0),
    answer = case when judged.refusal is not null then 'rejected' end,
    refusal = judged.refusal,
    refusal_field = case judged.refusal
      when 'line_unknown' then case when import_returns.line_no is null then 'sku' else 'line_no' end
      when 'nothing_left' then 'order_external_id'
      when 'quantity_exceeds' then 'quantity'
      when 'amount_exceeds' then case when judged.asked_amount is null then 'quantity' else 'amount' end
    end,
    refusal_params = case judged.refusal
      when 'quantity_exceeds' then jsonb_build_object('left', judged.left_quantity)
      when 'amount_exceeds' then
        jsonb_build_object('left', least(judged.left_of_order, judged.left_of_line)::text)
    end
  from judged
  where import_returns.batch_id = accept_returns_price.batch
    and import_returns.item_no = judged.item_no;
end;
$$;

comment on function ops.accept_returns_price(bigint, integer) is
  'What the returns of a round are worth, and whether they fit: the rest of the order; a line''s quantity, in proportion to what was
paid for it, the last piece taking the remainder; or the amount named. More than was paid is refused, never cut.';
