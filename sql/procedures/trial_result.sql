-- A sample is scaled up to everybody: sums with what they may be off by, shares as they are.
create function ops.trial_result(trial bigint, budget bigint)
returns jsonb
language sql
stable
begin atomic
  with asked as materialized (
    select
      trials.*,
      settings.time_zone,
      trials.population::numeric / nullif(trials.done, 0) as factor,
      (
        select (programme_versions.body ->> 'point_value')::numeric
        from app.programme_versions
        where programme_versions.resource = 'points_policies'
          and programme_versions.effective_from_at <= trials.until_at
        order by programme_versions.effective_from_at desc, programme_versions.id desc
        limit 1
      ) as point_value
    from app.trials
    cross join app.settings
    where trials.id = trial_result.trial
  ),

  people as materialized (
    select
      trial_customers.*,
      trial_customers.points_draft - trial_customers.points_real as more,
      trial_customers.growth_draft - trial_customers.growth_real as grown
    from app.trial_customers
    where trial_customers.trial_id = trial_result.trial
      and trial_customers.points_draft is not null
  ),

  totals as (
    select
      (ops.scaled_up(array_agg(people.points_real::numeric), asked.population)).total as points_real,
      (ops.scaled_up(array_agg(people.points_draft::numeric), asked.population)).total as points_draft,
      (ops.scaled_up(array_agg(people.more::numeric), asked.population)).total as points_more,
      (ops.scaled_up(array_agg(people.more::numeric), asked.population)).margin as points_margin,
      (ops.scaled_up(array_agg(people.growth_real::numeric), asked.population)).total as growth_real,
      (ops.scaled_up(array_agg(people.growth_draft::numeric), asked.population)).total as growth_draft,
      (ops.scaled_up(array_agg(people.grown::numeric), asked.population)).total as growth_more,
      (ops.scaled_up(array_agg(people.grown::numeric), asked.population)).margin as growth_margin,
      round(count(*) filter (where people.more > 0 or (people.more = 0 and people.grown > 0)) * asked.factor) as gaining,
      round(count(*) filter (where people.more < 0 or (people.more = 0 and people.grown < 0)) * asked.factor) as losing,
      round(count(*) filter (where people.tier_real_id is distinct from people.tier_draft_id) * asked.factor) as moving
    from people
    cross join asked
    group by asked.population, asked.factor
  ),

  sides as (
    select
      trial_figures.month_on,
      trial_figures.side,
      round(sum(trial_figures.issued - trial_figures.reversed) * asked.factor) as issued,
      round(sum(trial_figures.spent) * asked.factor) as spent,
      round(sum(trial_figures.expired) * asked.factor) as expired,
      round(sum(trial_figures.growth) * asked.factor) as growth
    from app.trial_figures
    cross join asked
    where trial_figures.trial_id = trial_result.trial
    group by trial_figures.month_on, trial_figures.side, asked.factor
  ),

  months as (
    select
      sides.month_on,
      jsonb_build_object(
        'month_on', sides.month_on,
        'real', coalesce(jsonb_agg(to_jsonb(sides) - array['month_on', 'side']) filter (where sides.side = 'real') -> 0, '{}'),
        'draft', coalesce(jsonb_agg(to_jsonb(sides) - array['month_on', 'side']) filter (where sides.side = 'draft') -> 0, '{}')
      ) as line
    from sides
    group by sides.month_on
  ),

  names as materialized (
    select
      ids.id,
      coalesce(tiers.name, version.body ->> 'code', '') as name,
      coalesce(tiers.name_en, version.body ->> 'code', '') as name_en,
      coalesce(tiers.rank, (version.body ->> 'rank')::integer, -1) as rank
    from (
      select people.tier_real_id as id
      from people
      union
      select people.tier_draft_id
      from people
    ) as ids
    cross join asked
    left join app.tiers
      on tiers.id = ids.id
    left join lateral (
      select parts.body
      from jsonb_to_recordset(asked.versions) as parts (resource text, record_id bigint, body jsonb)
      where parts.resource = 'tiers'
        and parts.record_id = ids.id
      limit 1
    ) as version
      on true
  ),

  mix as (
    select
      names.rank,
      jsonb_build_object(
        'name', jsonb_build_array(names.name, names.name_en),
        'real', round(count(*) filter (where people.tier_real_id is not distinct from names.id) * asked.factor),
        'draft', round(count(*) filter (where people.tier_draft_id is not distinct from names.id) * asked.factor)
      ) as line
    from names
    cross join asked
    cross join people
    group by names.id, names.rank, names.name, names.name_en, asked.factor
  ),

  moves as (
    select
      count(*) as people_count,
      jsonb_build_object(
        'from', jsonb_build_array(was.name, was.name_en),
        'to', jsonb_build_array(becomes.name, becomes.name_en),
        'up', becomes.rank > was.rank,
        'customers', round(count(*) * asked.factor)
      ) as line
    from people
    cross join asked
    inner join names as was
      on was.id is not distinct from people.tier_real_id
    inner join names as becomes
      on becomes.id is not distinct from people.tier_draft_id
    where people.tier_real_id is distinct from people.tier_draft_id
    group by was.name, was.name_en, was.rank, becomes.name, becomes.name_en, becomes.rank, asked.factor
  ),

  segments as (
    select
      people.segment_code,
      jsonb_build_object(
        'name', jsonb_build_array(
          coalesce(min(named.segment_name), '未分群'), coalesce(min(named.segment_name_en), 'None')
        ),
        'customers', round(count(*) * asked.factor),
        'real', round(sum(people.points_real) * asked.factor),
        'draft', round(sum(people.points_draft) * asked.factor)
      ) as line
    from people
    cross join asked
    left join lateral (
      select
        segments.segment_name,
        segments.segment_name_en
      from base.segments
      where segments.segment_code = people.segment_code
      order by segments.rule_set_id
      limit 1
    ) as named
      on true
    group by people.segment_code, asked.factor
  ),

  steps as (
    select
      step.place,
      step.from_points,
      step.to_points
    from (
      values
        (1, -1000000000000, -5001), (2, -5000, -1001), (3, -1000, -501), (4, -500, -101), (5, -100, -51), (6, -50, -11),
        (7, -10, -1), (8, 0, 0), (9, 1, 10), (10, 11, 50), (11, 51, 100), (12, 101, 500), (13, 501, 1000), (14, 1001, 5000),
        (15, 5001, 1000000000000)
    ) as step (place, from_points, to_points)
  ),

  spread as (
    select
      steps.place,
      jsonb_build_object(
        'from', nullif(steps.from_points, -1000000000000),
        'to', nullif(steps.to_points, 1000000000000),
        'customers', round(count(people.customer_id) * asked.factor)
      ) as line
    from steps
    cross join asked
    left join people
      on people.more between steps.from_points and steps.to_points
    group by steps.place, steps.from_points, steps.to_points, asked.factor
  ),

  tops as (
    select
      ranked.gains,
      ranked.nth,
      jsonb_build_object(
        'customer_id', ranked.customer_id,
        'external_id', customers.external_id,
        'real', ranked.points_real,
        'draft', ranked.points_draft,
        'more', ranked.more
      ) as line
    from (
      select
        people.*,
        people.more > 0 as gains,
        row_number() over (partition by people.more > 0 order by abs(people.more) desc, people.customer_id) as nth
      from people
      where people.more <> 0
    ) as ranked
    inner join app.customers
      on customers.id = ranked.customer_id
    where ranked.nth <= 10
  ),

  money as (
    select
      budgets.name,
      budgets.name_en,
      budgets.left_amount,
      asked.until_at,
      asked.time_zone,
      totals.points_real * asked.point_value / asked.months as real_monthly,
      totals.points_draft * asked.point_value / asked.months as draft_monthly
    from asked
    cross join totals
    inner join base.budgets
      on budgets.id = trial_result.budget
    where asked.point_value is not null
  ),

  -- At the pace of the window; nobody plans for more than ten years.
  run_out as (
    select
      money.name,
      money.name_en,
      money.left_amount,
      pace.side,
      case
        when money.left_amount <= 0 then (money.until_at at time zone money.time_zone)::date
        when pace.monthly > 0 and money.left_amount / pace.monthly <= 120
          then (money.until_at at time zone money.time_zone)::date + ceil(money.left_amount / pace.monthly * 365.25 / 12)::integer
      end as on_day
    from money
    cross join lateral (values ('real', money.real_monthly), ('draft', money.draft_monthly)) as pace (side, monthly)
  )

  select jsonb_build_object(
    'id', asked.id,
    'title', asked.title,
    'drafts', asked.drafts,
    'state', asked.state,
    'problem', asked.problem,
    'months', asked.months,
    'since_on', (asked.since_at at time zone asked.time_zone)::date,
    'until_on', (asked.until_at at time zone asked.time_zone)::date,
    'population', asked.population,
    'sampled', asked.sampled,
    'done', asked.done,
    'facts', asked.facts,
    'worked_ms', asked.worked_ms,
    'point_value', asked.point_value::text,
    'totals', (select to_jsonb(totals) from totals),
    'cost', (
      select jsonb_build_object(
        'real', round(totals.points_real * asked.point_value, 2)::text,
        'draft', round(totals.points_draft * asked.point_value, 2)::text,
        'more', round(totals.points_more * asked.point_value, 2)::text,
        'margin', round(totals.points_margin * asked.point_value, 2)::text
      )
      from totals
      where asked.point_value is not null
    ),
    'by_month', (select coalesce(jsonb_agg(months.line order by months.month_on), '[]') from months),
    'tiers', (select coalesce(jsonb_agg(mix.line order by mix.rank), '[]') from mix),
    'moves', (select coalesce(jsonb_agg(moves.line order by moves.people_count desc), '[]') from moves),
    'segments', (select coalesce(jsonb_agg(segments.line order by segments.segment_code), '[]') from segments),
    'spread', (select coalesce(jsonb_agg(spread.line order by spread.place), '[]') from spread),
    'winners', (select coalesce(jsonb_agg(tops.line order by tops.nth), '[]') from tops where tops.gains),
    'losers', (select coalesce(jsonb_agg(tops.line order by tops.nth), '[]') from tops where not tops.gains),
    'budget', (
      select jsonb_build_object(
        'name', jsonb_build_array(min(run_out.name), min(run_out.name_en)),
        'left', min(run_out.left_amount)::text,
        'real_on', min(run_out.on_day) filter (where run_out.side = 'real'),
        'draft_on', min(run_out.on_day) filter (where run_out.side = 'draft')
      )
      from run_out
      having count(*) > 0
    )
  )
  from asked;
end;

comment on function ops.trial_result(bigint, bigint) is
  'What a trial came to so far, for everybody: in all, month by month, by tier and segment, who gains and who loses; and when what is left of a budget would be used up at that pace.';
