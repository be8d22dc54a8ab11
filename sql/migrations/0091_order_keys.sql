-- The keys of orders and their lines begin with the order: what comes in goes to the end of them instead of to one page per
-- customer. The customer stays part of them, so that they can be distributed; a customer's orders are found by orders_course_idx.

alter table app.returns drop constraint returns_customer_id_order_id_fkey;

alter table app.orders drop constraint orders_pkey;
alter table app.orders add primary key (id, customer_id);
drop index app.orders_id_idx;

alter table app.order_lines drop constraint order_lines_pkey;
alter table app.order_lines add primary key (order_id, line_no, customer_id);

alter table app.returns
add foreign key (order_id, customer_id) references app.orders (id, customer_id) on delete restrict;
