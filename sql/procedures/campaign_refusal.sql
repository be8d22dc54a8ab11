create function ops.campaign_refusal(of_campaign_id bigint, customer bigint, tier bigint, on_day date, satisfies boolean)
returns text
language sql
stable
begin atomic
  select
    case
      when not (coalesce(campaigns.audience_filter, '{}') = '{}' or satisfies)
        or (cardinality(campaigns.tiers) > 0 and not coalesce(tier = any (campaigns.tiers), false))
        or (
          cardinality(campaigns.segments) > 0
          and not exists (
            select
            from app.segment_memberships
            inner join base.segments
              on segments.rule_set_id = segment_memberships.rule_set_id
              and segments.segment_code = segment_memberships.segment_code
            where segment_memberships.customer_id = customer
              and segments.id = any (campaigns.segments)
              -- As the evening before left it: the day's own is not known at its midnight.
              and segment_memberships.entered_on < on_day
              and (segment_memberships.left_on is null or segment_memberships.left_on >= on_day)
          )
        ) then 'not_in_audience'
      when campaigns.holdout_rate > 0 and ops.campaign_draw(campaigns.id, customer) < campaigns.holdout_rate then 'held_out'
    end
  from app.campaigns
  where campaigns.id = of_campaign_id;
end;

comment on function ops.campaign_refusal(bigint, bigint, bigint, date, boolean) is
  'Why a campaign gives a customer nothing on a day, in a tier: not_in_audience, held_out (of those it is for); null when it does.
satisfies: whether they satisfy its further condition, where it has one (app.engine_audience).';
