-- Draws that are the same for the same number and salt, on every run: [0, 1).
-- The files of this folder run in one transaction, in the order of their names, with the settings seed.as_of_on,
-- seed.customers and seed.orders given (api/seed.ts).
create function pg_temp.draw(n bigint, salt integer)
returns double precision
language sql
immutable
parallel safe
return (hashint8extended(n, salt) & 9007199254740991)::double precision / 9007199254740992;

create function pg_temp.pick(words text[], chance double precision)
returns text
language sql
immutable
parallel safe
return words[1 + floor(chance * cardinality(words))::integer];

-- Fourteen months up to the day before as_of, each day with its share of the business: weekends, 11.11, 6.18, the quiet
-- weeks around the Spring Festival, and some growth. reach is the sum of the shares up to the day's end.
create temp table seed_calendar on commit drop as
with days as (
  select
    number,
    current_setting('seed.as_of_on')::date - 425 + number as day
  from generate_series(0, 424) as numbers (number)
),

weighted as (
  select
    days.number,
    days.day,
    (array[0.9, 0.86, 0.88, 0.94, 1.08, 1.28, 1.18])[extract(isodow from days.day)::integer]
    * case
      when to_char(days.day, 'MMDD') between '1109' and '1112' then 2.6
      when to_char(days.day, 'MMDD') between '1101' and '1120' then 1.35
      when to_char(days.day, 'MMDD') between '0616' and '0618' then 2.1
      when to_char(days.day, 'MMDD') between '0601' and '0620' then 1.25
      when to_char(days.day, 'MMDD') between '1210' and '1231' then 1.15
      when to_char(days.day, 'MMDD') between '0125' and '0215' then 0.62
      when to_char(days.day, 'MMDD') between '0701' and '0831' then 0.92
      else 1
    end
    * (1 + 0.35 * days.number / 425) as weight
  from days
)

select
  weighted.number,
  weighted.day,
  weighted.weight,
  sum(weighted.weight) over (order by weighted.number)::double precision as reach
from weighted;
