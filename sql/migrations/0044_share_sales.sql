-- A share keeps what it earned as long as the order it sold is kept: when that comes back, in whole or in part, whoever shared is told.

create table app.share_sales (
  customer_id bigint not null,
  event_id bigint not null,
  order_id bigint not null,
  buyer_id bigint not null,
  primary key (customer_id, event_id)
);
create index share_sales_order_id_idx on app.share_sales (order_id);
comment on table app.share_sales is
  'One row per share that led to the order of somebody else. Written with the event; it follows from app.events.';
comment on column app.share_sales.customer_id is 'Who shared.';

insert into app.share_sales (customer_id, event_id, order_id, buyer_id)
select
  events.customer_id,
  events.id,
  events.order_id,
  orders.customer_id
from app.events
inner join app.orders
  on orders.id = events.order_id
  and orders.customer_id <> events.customer_id
where events.kind = 'share';

alter table app.inbox drop constraint inbox_fact_kind_check;
alter table app.inbox add constraint inbox_fact_kind_check check (fact_kind in (
  'order', 'sign_up', 'check_in', 'share', 'review', 'task_action', 'adjust', 'extend', 'grade', 'reserve', 'confirm', 'cancel',
  'return', 'unsold'
));

create or replace function app.note_events()
returns trigger
language plpgsql
as $$
begin
  insert into app.inbox (customer_id, fact_kind, fact_id)
  select
    written.customer_id,
    written.kind,
    written.id
  from written
  where written.kind in ('check_in', 'share', 'review', 'task_action');

  if exists (select from written where written.kind = 'share' and written.order_id is not null) then
    -- To buy by one's own link is no sale.
    insert into app.share_sales (customer_id, event_id, order_id, buyer_id)
    select
      written.customer_id,
      written.id,
      written.order_id,
      orders.customer_id
    from written
    inner join app.orders
      on orders.id = written.order_id
      and orders.customer_id <> written.customer_id
    where written.kind = 'share'
    order by written.customer_id, written.id;

    -- What came back before anybody said that it was sold by a share.
    insert into app.inbox (customer_id, fact_kind, fact_id)
    select distinct
      written.customer_id,
      'unsold',
      returns.id
    from written
    inner join app.share_sales
      on share_sales.customer_id = written.customer_id
      and share_sales.event_id = written.id
    inner join app.returns
      on returns.customer_id = share_sales.buyer_id
      and returns.order_id = share_sales.order_id
    where written.kind = 'share';
  end if;
  return null;
end;
$$;

create or replace function app.note_returns()
returns trigger
language plpgsql
as $$
begin
  insert into app.inbox (customer_id, fact_kind, fact_id)
  select
    written.customer_id,
    'return',
    written.id
  from written
  where written.order_id is not null;

  insert into app.inbox (customer_id, fact_kind, fact_id)
  select distinct
    share_sales.customer_id,
    'unsold',
    written.id
  from written
  inner join app.share_sales
    on share_sales.order_id = written.order_id
    and share_sales.buyer_id = written.customer_id;
  return null;
end;
$$;

-- One that is paid at last has been sold, one that is cancelled has not: whoever shared is done again.
create or replace function app.note_changed_orders()
returns trigger
language plpgsql
as $$
begin
  insert into app.inbox (customer_id, fact_kind, fact_id, again)
  select
    written.customer_id,
    'order',
    written.id,
    before.status in ('paid', 'completed')
  from written
  inner join before
    on before.customer_id = written.customer_id
    and before.id = written.id
  where (written.status in ('paid', 'completed')) <> (before.status in ('paid', 'completed'))
    or (written.status in ('paid', 'completed') and written.paid_at is distinct from before.paid_at);

  insert into app.inbox (customer_id, fact_kind, fact_id, again)
  select
    share_sales.customer_id,
    'share',
    share_sales.event_id,
    true
  from written
  inner join before
    on before.customer_id = written.customer_id
    and before.id = written.id
  inner join app.share_sales
    on share_sales.order_id = written.id
    and share_sales.buyer_id = written.customer_id
  where (written.status in ('paid', 'completed')) <> (before.status in ('paid', 'completed'));
  return null;
end;
$$;
