create function report.mix_effects(parts jsonb)
returns table (
  part text,
  before_rate numeric,
  after_rate numeric,
  before_share numeric,
  after_share numeric,
  rate_effect numeric,
  mix_effect numeric,
  against boolean
)
language sql
immutable
begin atomic
  with given as (
    select
      given.part,
      coalesce(given.before_num, 0) as before_num,
      coalesce(given.before_den, 0) as before_den,
      coalesce(given.after_num, 0) as after_num,
      coalesce(given.after_den, 0) as after_den
    from jsonb_to_recordset(parts) as given (part text, before_num numeric, before_den numeric, after_num numeric, after_den numeric)
  ),

  whole as (
    select
      sum(given.before_num) / nullif(sum(given.before_den), 0) as before_rate,
      sum(given.after_num) / nullif(sum(given.after_den), 0) as after_rate,
      sum(given.before_den) as before_den,
      sum(given.after_den) as after_den
    from given
  ),

  rated as (
    select
      given.part,
      -- A part that is new or gone has no rate of its own to have moved: all that it did is its share.
      coalesce(given.before_num / nullif(given.before_den, 0), given.after_num / nullif(given.after_den, 0)) as before_rate,
      coalesce(given.after_num / nullif(given.after_den, 0), given.before_num / nullif(given.before_den, 0)) as after_rate,
      given.before_den / nullif(whole.before_den, 0) as before_share,
      given.after_den / nullif(whole.after_den, 0) as after_share,
      given.before_den > 0 and given.after_den > 0 as lasting
    from given
    cross join whole
    where given.before_den > 0
      or given.after_den > 0
  ),

  effects as (
    select
      rated.*,
      (rated.before_share + rated.after_share) / 2 * (rated.after_rate - rated.before_rate) as rate_effect,
      (rated.before_rate + rated.after_rate) / 2 * (rated.after_share - rated.before_share) as mix_effect
    from rated
  ),

  added as (
    select
      round(whole.before_rate, 6) as before_rate,
      round(whole.after_rate, 6) as after_rate,
      round(sum(effects.mix_effect), 6) as mix_effect,
      count(*) filter (where effects.lasting) > 1
      and bool_and(sign(effects.after_rate - effects.before_rate) = -sign(whole.after_rate - whole.before_rate))
        filter (where effects.lasting)
      and round(whole.after_rate, 6) <> round(whole.before_rate, 6) as against
    from effects
    cross join whole
    group by whole.before_rate, whole.after_rate
  )

  select
    null as part,
    added.before_rate,
    added.after_rate,
    1 as before_share,
    1 as after_share,
    added.after_rate - added.before_rate - added.mix_effect as rate_effect,
    added.mix_effect,
    added.against
  from added

  union all

  select
    effects.part,
    round(effects.before_rate, 6),
    round(effects.after_rate, 6),
    round(effects.before_share, 6),
    round(effects.after_share, 6),
    round(effects.rate_effect, 6),
    round(effects.mix_effect, 6),
    null
  from effects

  order by part nulls first;
end;

comment on function report.mix_effects(jsonb) is
  'Why a ratio moved: the rates of its parts, or their shares
One row for the whole (part is null), then one per part. parts are {part, before_num, before_den, after_num, after_den}. Of a part with share w and rate r:
rate effect (w0 + w1) / 2 (r1 - r0), mix effect (r0 + r1) / 2 (w1 - w0); over all parts they add up to the change of the whole exactly.
against: the whole moved against every part that was there both times (Simpson''s paradox).';
