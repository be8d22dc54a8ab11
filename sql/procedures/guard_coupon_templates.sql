-- After a change of a coupon template: what cannot be said over one record alone.
create function ops.guard_coupon_templates(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  stranger text;
  benefit app.benefits;
begin
  if after is null then
    return;
  end if;

  -- Coupons that are out keep what they promised.
  if before is not null and exists (select from app.coupons where coupons.template_id = record_id) then
    insert into app.coupon_template_versions (template_id, until_at, body)
    select
      record_id,
      clock_timestamp(),
      to_jsonb(jsonb_populate_record(coupon_templates, before))
    from app.coupon_templates
    where coupon_templates.id = record_id;
  end if;

  -- A coupon for a category that no product has would count for nothing.
  select categories.name
  into stranger
  from jsonb_array_elements_text(after -> 'categories') with ordinality as categories (name, place)
  where not exists (
    select
    from app.products
    where products.category = categories.name
  )
  and exists (select from app.products where products.category is not null)
  order by categories.place
  limit 1;

  if found then
    raise exception '没有商品属于品类“%” | No product is in the category “%”', stranger, stranger
      using errcode = 'EG422', column = 'categories', hint = '请与商品资料中的写法一致 | Write it as the products have it';
  end if;

  -- Who activates a benefit reads this lock too: neither misses the other.
  if after ->> 'status' <> 'active' and before ->> 'status' = 'active' then
    perform pg_advisory_xact_lock(hashtextextended('evergreen benefits', 0));
    select benefits.*
    into benefit
    from app.benefits
    where benefits.coupon_template_id = record_id
      and benefits.status = 'active'
    order by benefits.id
    limit 1;

    if found and after ->> 'status' in ('ended', 'draft') then
      raise exception '权益“%”仍在发放此券 | The benefit “%” still gives this coupon', benefit.name, benefit.name_en
        using errcode = 'EG422', column = 'status', hint = '请先停用该权益或换一张券 | Retire the benefit or give it another coupon first';
    end if;
  end if;
end;
$$;

comment on function ops.guard_coupon_templates(bigint, bigint, jsonb, jsonb) is
  'Categories are those of products; a template that an active benefit gives is not ended.';
