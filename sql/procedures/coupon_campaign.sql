create function ops.coupon_campaign(template bigint, named bigint)
returns bigint
language sql
stable
begin atomic
  select coalesce(
    coupon_campaign.named,
    (
      select campaigns.id
      from app.campaigns
      where campaigns.status = 'running'
        and campaigns.coupons @> array[coupon_campaign.template]
      order by campaigns.id
      limit 1
    )
  );
end;

comment on function ops.coupon_campaign(bigint, bigint) is
  'The campaign that a coupon is given for: the one named, or else the first running one that offers the template.';
