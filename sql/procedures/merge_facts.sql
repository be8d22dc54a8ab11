-- Called by ops.merge_customers, which runs as the owner and has locked both accounts.
create function ops.merge_facts(survivor bigint, duplicate bigint)
returns void
language plpgsql
volatile
as $$
begin
  perform ops.mark_dirty('orders', array(select orders.placed_on from app.orders where orders.customer_id = duplicate));
  perform ops.mark_dirty('returns', array(select returns.returned_on from app.returns where returns.customer_id = duplicate));

  -- What one bought by the other's link was no sale.
  update app.share_sales
  set buyer_id = survivor
  from app.orders
  where orders.customer_id = duplicate
    and share_sales.order_id = orders.id
    and share_sales.buyer_id = duplicate;

  update app.share_sales
  set customer_id = survivor
  where share_sales.customer_id = duplicate;

  delete from app.share_sales
  where share_sales.customer_id = survivor
    and share_sales.buyer_id = survivor;

  -- In one statement: a return is of the customer of its order at the end of it.
  with moved_orders as (
    update app.orders
    set customer_id = survivor
    where orders.customer_id = duplicate
  ),

  moved_lines as (
    update app.order_lines
    set customer_id = survivor
    from app.orders
    where orders.customer_id = duplicate
      and order_lines.customer_id = orders.customer_id
      and order_lines.order_id = orders.id
  )

  update app.returns
  set customer_id = survivor
  where returns.customer_id = duplicate;

  update app.events
  set customer_id = survivor
  where events.customer_id = duplicate;

  update app.page_view
  set customer_id = survivor
  where page_view.customer_id = duplicate;

  update app.redemptions
  set customer_id = survivor
  where redemptions.customer_id = duplicate;

  update app.points_adjustments
  set customer_id = survivor
  where points_adjustments.customer_id = duplicate;

  update app.points_extensions
  set customer_id = survivor
  where points_extensions.customer_id = duplicate;

  update app.tier_grades
  set customer_id = survivor
  where tier_grades.customer_id = duplicate;

  update app.fact_keys
  set customer_id = survivor
  where fact_keys.customer_id = duplicate;

  update app.waiting_returns
  set customer_external_id = survivors.external_id
  from app.customers
  cross join app.customers as survivors
  where customers.id = duplicate
    and survivors.id = survivor
    and waiting_returns.customer_external_id = customers.external_id;

  -- What lies ahead still waits for its time; an enrolment is no fact of its own any more.
  delete from app.inbox
  where inbox.customer_id = duplicate
    and inbox.fact_kind = 'sign_up';

  update app.inbox
  set customer_id = survivor
  where inbox.customer_id = duplicate;

  delete from app.follow_ups
  where follow_ups.customer_id = duplicate
    and follow_ups.fact_kind = 'sign_up';

  update app.follow_ups
  set customer_id = survivor
  where follow_ups.customer_id = duplicate;

  -- What is expected of the two together is worked out the next time.
  delete from app.customer_values
  where customer_values.customer_id = duplicate;

  -- What was proposed about the duplicate would be refused.
  update app.change_requests
  set
    state = 'withdrawn',
    version = change_requests.version + 1,
    updated_at = now()
  where change_requests.resource = 'customers'
    and change_requests.record_id = duplicate
    and change_requests.state in ('draft', 'in_review', 'approved');
end;
$$;

comment on function ops.merge_facts(bigint, bigint) is
  'Makes the facts of the duplicate facts of the survivor: whose they are changes, nothing of what they say.';
