create function ops.coupon_ends(template app.coupon_templates, received_at timestamptz)
returns timestamptz
language sql
immutable
begin atomic
  select case template.validity_kind
    when 'fixed' then template.valid_until_at
    else received_at + make_interval(hours => template.valid_for * case template.valid_unit when 'days' then 24 else 1 end)
  end;
end;

comment on function ops.coupon_ends(app.coupon_templates, timestamptz) is
  'The first moment at which a coupon that is received (or activated) at the given one can no longer be used. A day is 24 hours.';
