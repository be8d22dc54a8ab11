-- What shops and customers write: the code; C and the number; or the template, of which the one that ends first is meant.
create function ops.coupons_named(customer bigint, tokens text[])
returns table (
  place bigint,
  token text,
  coupon_id bigint,
  template_id bigint,
  free_code text,
  stranger text
)
language sql
stable
begin atomic
  select
    named.place,
    named.token,
    own.id,
    coalesce(own.template_id, free.template_id),
    case when own.id is null then free.code end,
    case
      when own.id is not null then null
      when free.status = 'free' then null
      when free.status = 'withdrawn' then 'void'
      when free.id is not null or exists (
        select
        from app.coupons
        where coupons.code = upper(named.token)
          or coupons.id = named.number
      ) then 'wrong_customer'
      else 'code_unknown'
    end
  from unnest(tokens) with ordinality as given (token, place)
  cross join lateral (
    select
      given.place,
      btrim(given.token) as token,
      case when btrim(given.token) ~ '^[Cc][0-9]{1,15}$' then substr(btrim(given.token), 2)::bigint end as number
  ) as named
  left join lateral (
    select
      coupons.id,
      coupons.template_id
    from app.coupons
    left join app.coupon_templates
      on coupon_templates.id = coupons.template_id
      and coupon_templates.code = named.token
    where coupons.customer_id = coupons_named.customer
      and (
        coupons.code = upper(named.token)
        or coupons.id = named.number
        or (coupon_templates.id is not null and coupons.status not in ('void', 'redeemed', 'expired'))
      )
    order by
      coupons.status <> 'reserved',
      coupons.status <> 'claimed',
      coupons.valid_until_at,
      coupons.id
    limit 1
  ) as own
    on true
  left join app.coupon_codes as free
    on own.id is null
    and free.code = upper(named.token);
end;

comment on function ops.coupons_named(bigint, text[]) is
  'The coupons of a customer that are named: by code, by C and number, or by the template. free_code: a code that nobody has yet. stranger: why it is
none of theirs (code_unknown, wrong_customer, void).';
