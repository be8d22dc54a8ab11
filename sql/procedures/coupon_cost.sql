create function ops.coupon_cost(template app.coupon_templates)
returns numeric
language sql
stable
begin atomic
  select coalesce(
    template.unit_cost,
    case template.kind
      when 'percentage' then template.max_discount
      when 'gift' then (
        select products.price * template.gift_quantity
        from app.products
        where products.id = template.gift_product_id
      )
      when 'free_shipping' then null
      else template.amount
    end,
    0
  );
end;

comment on function ops.coupon_cost(app.coupon_templates) is
  'What one coupon may cost, to be held until it is used: its cost per use, or the most that it takes off. Unknown ahead (free shipping) is 0; what it comes to is asked for when it is used.';
