create function ops.coupon_terms(template bigint, issued_at timestamptz)
returns app.coupon_templates
language sql
stable
begin atomic
  select coalesce(
    (
      select jsonb_populate_record(null::app.coupon_templates, coupon_template_versions.body)
      from app.coupon_template_versions
      where coupon_template_versions.template_id = template
        and coupon_template_versions.until_at > issued_at
      order by coupon_template_versions.until_at
      limit 1
    ),
    (
      select coupon_templates
      from app.coupon_templates
      where coupon_templates.id = template
    )
  );
end;

comment on function ops.coupon_terms(bigint, timestamptz) is
  'A template as it was when a coupon of it was issued: that is what the coupon promises.';
