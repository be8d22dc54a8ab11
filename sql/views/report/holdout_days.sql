create view report.holdout_days as

with known as (
  select programme.observed_until as until_on
  from base.programme
),

-- Worked out once, not for each customer.
chosen as materialized (
  select
    campaigns.id as campaign_id,
    segments.rule_set_id,
    segments.segment_code
  from app.campaigns
  inner join base.segments
    on segments.id = any (campaigns.segments)
  where campaigns.holdout_rate > 0
),

-- The first time that somebody was drawn; later ones are not independent of it.
journeys as (
  select distinct on (automation_runs.automation_id, automation_runs.customer_id)
    automation_runs.automation_id,
    automation_runs.customer_id,
    automation_runs.entered_on,
    automation_runs.status = 'held_out' as held_out
  from app.automation_runs
  order by automation_runs.automation_id, automation_runs.customer_id, automation_runs.entered_on, automation_runs.id
),

drawn as (
  select
    'automation' as kind,
    automations.id as record_id,
    automations.code,
    automations.name,
    automations.name_en,
    automations.holdout_rate,
    journeys.customer_id,
    journeys.entered_on as drawn_on,
    journeys.held_out,
    journeys.entered_on + 1 as from_on,
    automations.goal_days as days
  from journeys
  inner join app.automations
    on automations.id = journeys.automation_id
  where automations.holdout_rate > 0
  union all
  -- Whom the campaign was for on its first day, whether it reached them or not.
  select
    'campaign' as kind,
    campaigns.id as record_id,
    campaigns.code,
    campaigns.name,
    campaigns.name_en,
    campaigns.holdout_rate,
    customers.id as customer_id,
    campaigns.starts_on as drawn_on,
    report.holdout_draw(campaigns.id, customers.id) < campaigns.holdout_rate as held_out,
    campaigns.starts_on as from_on,
    coalesce(campaigns.ends_on, campaigns.starts_on + 29) - campaigns.starts_on + 1 as days
  from app.campaigns
  inner join app.customers
    on customers.enrolled_on < campaigns.starts_on
    and customers.status = 'active'
    and customers.id <> 0
  where campaigns.holdout_rate > 0
    and campaigns.status in ('running', 'ended', 'reviewed')
    and coalesce(campaigns.audience_filter, '{}') = '{}'
    and (
      campaigns.segments = '{}'
      or exists (
        select
        from app.segment_memberships
        inner join chosen
          on chosen.campaign_id = campaigns.id
          and chosen.rule_set_id = segment_memberships.rule_set_id
          and chosen.segment_code = segment_memberships.segment_code
        where segment_memberships.customer_id = customers.id
          and segment_memberships.entered_on < campaigns.starts_on
          and (segment_memberships.left_on is null or segment_memberships.left_on >= campaigns.starts_on)
      )
    )
    and (
      campaigns.tiers = '{}'
      or exists (
        select
        from app.tier_stays
        cross join app.settings
        where tier_stays.customer_id = customers.id
          and tier_stays.book_id = 0
          and tier_stays.tier_id = any (campaigns.tiers)
          and tier_stays.entered_at < campaigns.starts_on::timestamp at time zone settings.time_zone
          and (tier_stays.left_at is null or tier_stays.left_at >= campaigns.starts_on::timestamp at time zone settings.time_zone)
      )
    )
),

outcomes as (
  select
    drawn.kind,
    drawn.record_id,
    drawn.code,
    drawn.name,
    drawn.name_en,
    drawn.holdout_rate,
    drawn.drawn_on,
    drawn.held_out,
    coalesce(bought.ordered, false) as converted,
    coalesce(bought.spend, 0) as spend,
    coalesce(bought.spend_before, 0) as spend_before
  from drawn
  cross join known
  left join lateral (
    select
      bool_or(customer_day.order_count > 0 and customer_day.day >= drawn.from_on) as ordered,
      sum(customer_day.amount - customer_day.returned_amount) filter (where customer_day.day >= drawn.from_on) as spend,
      sum(customer_day.amount - customer_day.returned_amount) filter (where customer_day.day < drawn.from_on) as spend_before
    from app.customer_day
    where customer_day.customer_id = drawn.customer_id
      and customer_day.day >= drawn.from_on - drawn.days
      and customer_day.day < drawn.from_on + drawn.days
  ) as bought
    on true
  -- Whoever has not had their days yet is on neither side.
  where drawn.from_on + drawn.days <= known.until_on
)

select
  outcomes.kind,
  outcomes.record_id,
  outcomes.code,
  outcomes.name,
  outcomes.name_en,
  outcomes.holdout_rate,
  outcomes.drawn_on,
  outcomes.held_out,
  count(*) as customer_count,
  count(*) filter (where outcomes.converted) as converted_count,
  sum(outcomes.spend) as spend,
  sum(outcomes.spend * outcomes.spend) as spend_squares,
  sum(outcomes.spend_before) as spend_before,
  sum(outcomes.spend_before * outcomes.spend_before) as spend_before_squares,
  sum(outcomes.spend * outcomes.spend_before) as spend_products
from outcomes
group by
  outcomes.kind, outcomes.record_id, outcomes.code, outcomes.name, outcomes.name_en, outcomes.holdout_rate, outcomes.drawn_on,
  outcomes.held_out;

comment on view report.holdout_days is
  '对照组 / Who was held out
One row per automation or campaign with a holdout, programme day on which customers were drawn, and side. Customers are counted once each, when the days in which they are watched
have passed. A campaign that is for customers of a further condition is not among them.';
comment on column report.holdout_days.kind is
  '类型 / Kind
automation or campaign.';
comment on column report.holdout_days.record_id is
  '编号 / Id
Number of the automation or campaign.';
comment on column report.holdout_days.code is
  '编码 / Code
By which programs know it.';
comment on column report.holdout_days.name is
  '名称 / Name
Chinese.';
comment on column report.holdout_days.name_en is
  '名称（英文） / Name (English)
English.';
comment on column report.holdout_days.holdout_rate is
  '对照组比例 / Holdout rate
Share that is to be held out.';
comment on column report.holdout_days.drawn_on is
  '抽取日期 / Drawn on
Day of entry into an automation, first day of a campaign.';
comment on column report.holdout_days.held_out is
  '是否对照组 / Held out
Whether they were left out, to compare with.';
comment on column report.holdout_days.customer_count is
  '客户数 / Customers
How many were drawn.';
comment on column report.holdout_days.converted_count is
  '下单客户数 / Ordered
Of them, how many ordered in the days of the automation''s goal after their entry, or while the campaign lasted.';
comment on column report.holdout_days.spend is
  '净消费 / Net spend
Spent in these days, less what came back in them.';
comment on column report.holdout_days.spend_squares is
  '净消费平方和 / Squares of spend
Sum of the squares of each customer''s spend.';
comment on column report.holdout_days.spend_before is
  '之前净消费 / Spend before
The same of as many days before.';
comment on column report.holdout_days.spend_before_squares is
  '之前净消费平方和 / Squares of spend before
Sum of the squares of each customer''s spend before.';
comment on column report.holdout_days.spend_products is
  '前后净消费乘积和 / Products
Sum of each customer''s spend times their spend before.';
