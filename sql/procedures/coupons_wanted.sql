create function ops.coupons_wanted()
returns text[]
language sql
stable
begin atomic
  select
    case
      when exists (select from app.coupons) or exists (select from app.coupon_codes where coupon_codes.status = 'free')
        then array['order', 'return']
      else '{}'
    end
    || case
      when exists (select from app.coupons where coupons.status = 'inactive')
        then array['sign_up', 'share', 'review', 'check_in', 'task_action', 'grade', 'adjust']
      else '{}'
    end;
end;

comment on function ops.coupons_wanted() is
  'Facts that coupons follow: orders and returns while there are any, and what may activate one while one waits for it.';
