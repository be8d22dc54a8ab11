create function ops.purchase_histories(as_of date, after_customer bigint, customer_limit integer, one_in integer)
returns table (
  customer_id bigint,
  repeats integer,
  first_order_on date,
  last_order_on date,
  order_value numeric
)
language sql
stable
begin atomic
  select
    bought.customer_id,
    bought.days::integer - 1,
    bought.first_order_on,
    bought.last_order_on,
    -- What came back is taken off all purchases alike: a return may have been noted on any later day.
    case
      when bought.days > 1 then round(
        (bought.amount - bought.first_amount) / (bought.days - 1) * greatest(1 - bought.returned / nullif(bought.amount, 0), 0), 2
      )
    end
  from app.customers
  cross join lateral (
    select
      customer_day.customer_id,
      count(*) filter (where customer_day.order_count > 0) as days,
      min(customer_day.day) filter (where customer_day.order_count > 0) as first_order_on,
      max(customer_day.day) filter (where customer_day.order_count > 0) as last_order_on,
      sum(customer_day.amount) as amount,
      (array_agg(customer_day.amount order by customer_day.day) filter (where customer_day.order_count > 0))[1] as first_amount,
      sum(customer_day.returned_amount) as returned
    from app.customer_day
    where customer_day.customer_id = customers.id
      and customer_day.day < as_of
    group by customer_day.customer_id
  ) as bought
  where customers.id > after_customer
    and customers.id <> 0
    and customers.status in ('active', 'blocked')
    and (one_in = 1 or mod(hashint8(customers.id)::bigint + 2147483648, one_in) = 0)
    and bought.days > 0
  order by customers.id
  limit customer_limit;
end;

comment on function ops.purchase_histories(date, bigint, integer, integer) is
  'When customers bought before a day, by their numbers from after_customer on: days with an order after the first (repeats), first and
last day, mean net value of those after the first. one_in: of so many customers one, always the same.';
