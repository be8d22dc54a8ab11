create function ops.scaled_up(drawn_values numeric[], population bigint)
returns table (
  drawn bigint,
  total numeric,
  margin numeric
)
language sql
immutable
begin atomic
  select
    count(*),
    coalesce(round(avg(drawn_values.value) * scaled_up.population), 0),
    -- 95 %, for a draw without replacement; nothing when everybody was drawn.
    case
      when count(*) < 2 then null
      else round(
        1.96 * stddev_samp(drawn_values.value) * scaled_up.population / sqrt(count(*))
        * sqrt(greatest(1 - count(*)::numeric / nullif(scaled_up.population, 0), 0))
      )
    end
  from unnest(scaled_up.drawn_values) as drawn_values (value);
end;

comment on function ops.scaled_up(numeric[], bigint) is
  'What values drawn from a population come to for all of it, and how far off that may be (95 %).';
