create function report.driver_effects(before numeric[], after numeric[], total_before numeric, total_after numeric)
returns numeric[]
language sql
immutable
parallel safe
begin atomic
  with factors as (
    select
      factors.place,
      case when factors.earlier > 0 and factors.later > 0 then ln(factors.later / factors.earlier) end as grown
    from unnest(before, after) with ordinality as factors (earlier, later, place)
  ),

  whole as (
    select
      sum(factors.grown) as grown,
      bool_and(factors.grown is not null) as known
    from factors
  ),

  effects as (
    select
      factors.place,
      abs(factors.grown) as moved,
      round(
        case
          -- The limit of the quotient as the product stands still.
          when abs(whole.grown) < 0.000000000001 then total_before * factors.grown
          else (total_after - total_before) * factors.grown / whole.grown
        end,
        2
      ) as effect
    from factors
    cross join whole
    where whole.known
  ),

  -- What rounding left over goes to the factor that moved most.
  evened as (
    select
      effects.place,
      effects.effect
      + case
        when row_number() over (order by effects.moved desc, effects.place) = 1
          then round(total_after - total_before, 2) - sum(effects.effect) over ()
        else 0
      end as effect
    from effects
  )

  select array_agg(evened.effect order by evened.place)
  from evened;
end;

comment on function report.driver_effects(numeric[], numeric[], numeric, numeric) is
  'How much each factor of a product brought about of its change
Logarithmic mean (LMDI): of each factor ln(after / before) over the sum of these, times the change of the product. To the cent, adding up to the
change exactly, whatever the order of the factors. Null where a factor is not above zero in both.';
