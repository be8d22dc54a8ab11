create view report.shares as

select
  events.id as event_id,
  events.occurred_on as shared_on,
  events.customer_id,
  customers.external_id as customer_no,
  coalesce(events.channel, 'unknown') as channel,
  orders.id is not null as led_to_order,
  coalesce(orders.amount, 0) as order_amount
from app.events
inner join app.customers
  on customers.id = events.customer_id
-- Written with the share; an order by one's own link is not among them.
left join app.share_sales
  on share_sales.customer_id = events.customer_id
  and share_sales.event_id = events.id
left join app.orders
  on orders.customer_id = share_sales.buyer_id
  and orders.id = share_sales.order_id
  and orders.status in ('paid', 'completed')
where events.kind = 'share';

comment on view report.shares is
  '分享 / Shares
One row per share, and whether somebody else ordered by it.';

comment on column report.shares.event_id is
  '行为记录 / Event record
Record of the share among what customers did.';
comment on column report.shares.shared_on is
  '分享日期 / Shared on
Programme day.';
comment on column report.shares.customer_id is
  '客户记录 / Customer record
Who shared.';
comment on column report.shares.customer_no is
  '客户编号 / Customer no.
What the shop knows them by.';
comment on column report.shares.channel is
  '渠道 / Channel
Where it was shared, as the shop says it; unknown where it does not.';
comment on column report.shares.led_to_order is
  '带来订单 / Led to an order
Of somebody else, paid or completed by now. An order of the sharer does not count.';
comment on column report.shares.order_amount is
  '带来订单金额 / Value of the order
What that order came to after discount; 0 without one.';
