create function ops.trial_difference(real_side jsonb, draft_side jsonb, population bigint)
returns table (
  drawn bigint,
  points_real numeric,
  points_draft numeric,
  points_more numeric,
  points_margin numeric,
  growth_real numeric,
  growth_draft numeric,
  growth_more numeric,
  growth_margin numeric,
  gaining numeric,
  losing numeric,
  moving numeric
)
language sql
stable
begin atomic
  with pairs as (
    select
      was.points as points_real,
      becomes.points as points_draft,
      was.growth as growth_real,
      becomes.growth as growth_draft,
      was.tier_id is distinct from becomes.tier_id as moves
    from jsonb_to_recordset(trial_difference.real_side -> 'customers') as was (
      customer_id bigint, points numeric, growth numeric, tier_id bigint
    )
    inner join jsonb_to_recordset(trial_difference.draft_side -> 'customers') as becomes (
      customer_id bigint, points numeric, growth numeric, tier_id bigint
    )
      on becomes.customer_id = was.customer_id
  ),

  sums as (
    select
      count(*) as drawn,
      array_agg(pairs.points_real) as points_real,
      array_agg(pairs.points_draft) as points_draft,
      array_agg(pairs.points_draft - pairs.points_real) as points_more,
      array_agg(pairs.growth_real) as growth_real,
      array_agg(pairs.growth_draft) as growth_draft,
      array_agg(pairs.growth_draft - pairs.growth_real) as growth_more,
      array_agg((pairs.points_draft > pairs.points_real or pairs.growth_draft > pairs.growth_real)::integer::numeric) as gaining,
      array_agg((pairs.points_draft < pairs.points_real or pairs.growth_draft < pairs.growth_real)::integer::numeric) as losing,
      array_agg(pairs.moves::integer::numeric) as moving
    from pairs
  )

  select
    sums.drawn,
    (ops.scaled_up(sums.points_real, trial_difference.population)).total,
    (ops.scaled_up(sums.points_draft, trial_difference.population)).total,
    points.total,
    points.margin,
    (ops.scaled_up(sums.growth_real, trial_difference.population)).total,
    (ops.scaled_up(sums.growth_draft, trial_difference.population)).total,
    growth.total,
    growth.margin,
    (ops.scaled_up(sums.gaining, trial_difference.population)).total,
    (ops.scaled_up(sums.losing, trial_difference.population)).total,
    (ops.scaled_up(sums.moving, trial_difference.population)).total
  from sums
  cross join lateral ops.scaled_up(sums.points_more, trial_difference.population) as points
  cross join lateral ops.scaled_up(sums.growth_more, trial_difference.population) as growth;
end;

comment on function ops.trial_difference(jsonb, jsonb, bigint) is
  'What a draft changes for a population, from what it does to some of it (ops.trial_outcome of both books).';
