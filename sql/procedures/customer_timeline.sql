-- Why: what the rules decided, what a return took back, what a tier asked for.
create function ops.customer_timeline(customer bigint, kinds text[], before_at timestamptz, before_key text, size integer)
returns table (
  kind text,
  key text,
  at timestamptz,
  resource text,
  record_id bigint,
  data jsonb
)
language sql
stable
begin atomic
  with page as materialized (
    select
      course.*,
      case course.kind
        when 'adjustment' then 'adjust'
        when 'redemption' then course.data ->> 'step'
        when 'extension' then 'extend'
        when 'event' then course.data ->> 'event'
        else course.kind
      end as fact_kind
    from ops.customer_course(
      customer_timeline.customer, customer_timeline.kinds, customer_timeline.before_at, customer_timeline.before_key,
      customer_timeline.size
    ) as course
  )

  select
    page.kind,
    page.key,
    page.at,
    page.resource,
    page.record_id,
    page.data || jsonb_strip_nulls(jsonb_build_object(
      'earned', earned.points,
      'growth', earned.growth,
      'extended', moved.extended,
      'decisions', decided.list,
      'taken', moved.taken,
      'taken_growth', moved.taken_growth,
      'owed', nullif(moved.owed, 0),
      'repaid', nullif(moved.repaid, 0),
      'written_off', nullif(moved.written_off, 0),
      'corrected', moved.corrected,
      'from_tier', case when page.kind = 'tier' then jsonb_build_array(from_tiers.name, from_tiers.name_en) end,
      'to_tier', case when page.kind = 'tier' then jsonb_build_array(to_tiers.name, to_tiers.name_en) end,
      'criteria', asked.criteria,
      'criteria_match', asked.criteria_match,
      'grade', graded.grade,
      'rule_set', case when page.kind = 'segment' then jsonb_build_array(segment_rule_sets.name, segment_rule_sets.name_en) end,
      'segment', case when page.kind = 'segment' then jsonb_build_array(to_segments.segment_name, to_segments.segment_name_en) end,
      'benefit', case when benefits.id is not null then jsonb_build_array(benefits.name, benefits.name_en) end,
      'lost', (
        select
          jsonb_agg(
            jsonb_build_object('benefit', jsonb_build_array(lost_benefits.name, lost_benefits.name_en), 'uses', lost.uses)
            order by lost_benefits.id
          )
        from jsonb_to_recordset(case when page.kind = 'benefit' then page.data -> 'lost' end) as lost (benefit_id bigint, uses bigint)
        inner join app.benefits as lost_benefits
          on lost_benefits.id = lost.benefit_id
      ),
      'package', case when benefit_packages.id is not null then jsonb_build_array(benefit_packages.name, benefit_packages.name_en) end,
      'order', case when page.kind = 'event' then sold_orders.external_id end,
      'goods', case when products.id is not null then to_jsonb(products.name) end,
      'campaign', case when campaigns.id is not null then jsonb_build_array(campaigns.name, campaigns.name_en) end,
      'turned_away', meant.reason,
      'from_segment', case when from_segments.id is not null then jsonb_build_array(from_segments.segment_name, from_segments.segment_name_en) end
    ))
  from page
  left join lateral (
    select
      sum(points_lots.issued) filter (where points_lots.account = 'points') as points,
      sum(points_lots.issued) filter (where points_lots.account = 'growth') as growth
    from app.points_lots
    where page.kind in ('order', 'sign_up', 'event')
      and points_lots.book_id = 0
      and points_lots.customer_id = customer_timeline.customer
      and points_lots.origin_kind = page.fact_kind
      and points_lots.origin_id = page.record_id
  ) as earned
    on true
  -- The last word on each rule: a late fact may have changed it.
  left join lateral (
    select
      jsonb_agg(
        jsonb_build_object(
          'rule', jsonb_build_array(versions.body ->> 'name', versions.body ->> 'name_en'),
          'account', versions.body ->> 'account', 'effect', versions.body ->> 'effect',
          'per_points', (versions.body ->> 'points')::bigint, 'per_amount', versions.body ->> 'per_amount',
          'since', versions.effective_from_at, 'number', versions.number,
          'max_per_fact', versions.body -> 'max_per_fact', 'max_per_day', versions.body -> 'max_per_day',
          'max_per_customer', versions.body -> 'max_per_customer', 'stack_group', versions.body -> 'stack_group',
          'outcome', latest.outcome, 'points', latest.points, 'detail', latest.detail,
          'campaign', (
            select jsonb_build_array(campaigns.name, campaigns.name_en)
            from app.campaigns
            where campaigns.id = (latest.detail ->> 'campaign_id')::bigint
          ),
          'tier', (select jsonb_build_array(tiers.name, tiers.name_en) from app.tiers where tiers.id = (latest.detail ->> 'tier_id')::bigint),
          'multipliers', (
            select
              jsonb_agg(
                jsonb_build_object(
                  'rule', jsonb_build_array(
                    coalesce(earn_rules.name, benefits.name), coalesce(earn_rules.name_en, benefits.name_en)
                  ),
                  'factor', parts.part ->> 'factor'
                )
              )
            from jsonb_array_elements(
              coalesce(latest.detail -> 'multipliers', '[]') || coalesce(latest.detail -> 'benefits', '[]')
            ) as parts (part)
            left join app.earn_rules
              on earn_rules.id = (parts.part ->> 'rule_id')::bigint
            left join app.benefits
              on benefits.id = (parts.part ->> 'benefit_id')::bigint
          )
        )
        order by versions.body ->> 'account' desc, latest.points desc, latest.rule_id
      ) as list
    from (
      select distinct on (decisions.rule_id)
        decisions.rule_id,
        decisions.rule_version_id,
        decisions.outcome,
        decisions.points,
        decisions.detail
      from app.decisions
      where page.kind in ('order', 'sign_up', 'event')
        and decisions.book_id = 0
        and decisions.customer_id = customer_timeline.customer
        and decisions.fact_kind = page.fact_kind
        and decisions.fact_id = page.record_id
      order by decisions.rule_id, decisions.id desc
    ) as latest
    inner join (
      select
        programme_versions.id,
        programme_versions.body,
        programme_versions.effective_from_at,
        (
          select count(*)
          from app.programme_versions as earlier
          where earlier.resource = programme_versions.resource
            and earlier.record_id = programme_versions.record_id
            and (earlier.effective_from_at, earlier.id) <= (programme_versions.effective_from_at, programme_versions.id)
        ) as number
      from app.programme_versions
    ) as versions
      on versions.id = latest.rule_version_id
    having count(*) > 0
  ) as decided
    on true
  left join lateral (
    select
      sum(case when points_entries.to_state = 'reversed' then points_entries.points else -points_entries.points end)
        filter (where points_entries.kind = 'reverse' and points_entries.account = 'points') as taken,
      sum(case when points_entries.to_state = 'reversed' then points_entries.points else -points_entries.points end)
        filter (where points_entries.kind = 'reverse' and points_entries.account = 'growth') as taken_growth,
      sum(case when points_entries.from_state = 'debt' then points_entries.points else -points_entries.points end)
        filter (where points_entries.kind = 'borrow') as owed,
      sum(case when points_entries.to_state in ('extended', 'available') then points_entries.points else -points_entries.points end)
        filter (where points_entries.kind = 'extend') as extended,
      sum(case when points_entries.to_state = 'debt' then points_entries.points else -points_entries.points end)
        filter (where points_entries.kind = 'repay' and points_entries.origin_kind = 'debt') as repaid,
      sum(case when points_entries.to_state = 'written_off' then points_entries.points else -points_entries.points end)
        filter (where points_entries.kind = 'write_off') as written_off,
      nullif(bool_or(points_entries.correction), false) as corrected
    from app.points_entries
    where points_entries.book_id = 0
      and points_entries.customer_id = customer_timeline.customer
      and points_entries.fact_kind = page.fact_kind
      and points_entries.fact_id = page.record_id
      and page.kind in ('order', 'return', 'adjustment', 'redemption', 'extension', 'sign_up', 'event')
      and points_entries.kind not in ('activate', 'expire')
      -- As its index says.
      and (points_entries.correction or points_entries.kind in ('extend', 'reverse', 'borrow', 'repay', 'write_off'))
  ) as moved
    on true
  left join app.tiers as from_tiers
    on page.kind = 'tier'
    and from_tiers.id = (page.data ->> 'from_tier_id')::bigint
  left join app.tiers as to_tiers
    on page.kind = 'tier'
    and to_tiers.id = (page.data ->> 'to_tier_id')::bigint
  -- What the tier asked for then: that which was come to, or that which was not kept.
  left join lateral (
    select
      jsonb_build_array(programme_versions.body - 'criteria') || coalesce(nullif(programme_versions.body -> 'criteria', 'null'), '[]') as criteria,
      programme_versions.body ->> 'criteria_match' as criteria_match
    from app.programme_versions
    where page.kind = 'tier'
      and programme_versions.resource = 'tiers'
      and programme_versions.record_id = case
        when page.data ->> 'reason' in ('downgrade', 'refund') then (page.data ->> 'from_tier_id')::bigint
        else (page.data ->> 'to_tier_id')::bigint
      end
      and programme_versions.effective_from_at <= page.at
    order by programme_versions.effective_from_at desc, programme_versions.id desc
    limit 1
  ) as asked
    on true
  left join lateral (
    select jsonb_build_object('reason', tier_grades.reason, 'until_on', tier_grades.until_on, 'by', users.name) as grade
    from app.tier_grades
    left join app.users
      on users.id = tier_grades.graded_by
    where page.kind = 'tier'
      and page.data ->> 'fact_kind' = 'grade'
      and tier_grades.customer_id = customer_timeline.customer
      and tier_grades.id = (page.data ->> 'fact_id')::bigint
  ) as graded
    on true
  left join app.benefits
    on page.kind = 'benefit'
    and benefits.id = (page.data ->> 'benefit_id')::bigint
  left join app.benefit_packages
    on page.kind = 'benefit'
    and benefit_packages.id = (page.data ->> 'package_id')::bigint
  left join app.orders as sold_orders
    on page.kind = 'event'
    and sold_orders.id = (page.data ->> 'order_id')::bigint
  left join app.products
    on page.kind = 'event'
    and products.id = (page.data ->> 'product_id')::bigint
  left join app.campaigns
    on campaigns.code = page.data ->> 'campaign_code'
  -- By segment, tier and draw; what else the campaign asks is in its rules' decisions.
  left join lateral (
    select
      ops.campaign_refusal(
        campaigns.id, customer_timeline.customer, stays.tier_id, (page.data ->> 'occurred_on')::date, true
      ) as reason
    from (select) as always
    left join app.tier_stays as stays
      on stays.book_id = 0
      and stays.customer_id = customer_timeline.customer
      and stays.entered_at <= page.at
      and (stays.left_at is null or stays.left_at > page.at)
    where campaigns.id is not null
    limit 1
  ) as meant
    on true
  left join app.segment_rule_sets
    on page.kind = 'segment'
    and segment_rule_sets.id = (page.data ->> 'rule_set_id')::bigint
  left join base.segments as to_segments
    on page.kind = 'segment'
    and to_segments.rule_set_id = (page.data ->> 'rule_set_id')::bigint
    and to_segments.segment_code = page.data ->> 'segment_code'
  left join base.segments as from_segments
    on page.kind = 'segment'
    and from_segments.rule_set_id = (page.data ->> 'rule_set_id')::bigint
    and from_segments.segment_code = page.data ->> 'from_code'
  order by page.at desc, page.key collate "C" desc;
end;

comment on function ops.customer_timeline(bigint, text[], timestamptz, text, integer) is
  'The course of a customer (ops.customer_course) with what explains each step: decisions with the version of their rule, what was
taken back, owed or paid, what tiers asked for.
One row per thing that happened.';
