-- Visits of a page: $1 its version, $2 how many visits, $3 over how many days before today, $4 the number of the first visit. Ten
-- events each, views among them: eight clicks, most of them on few elements and near their middle, a scroll, now and then one in
-- anger or without effect.
with visits as materialized (
  select
    $4::bigint + numbers.number as visit_id,
    -- As they came, day by day.
    programme.today_on - $3::integer + (numbers.number * $3::integer / $2::bigint)::integer as day,
    numbers.number % ($2::bigint / $3::integer) * interval '1 day' * 0.9 / ($2::bigint / $3::integer) as time_of_day,
    (array['phone', 'phone', 'phone', 'phone', 'phone', 'phone', 'phone', 'tablet', 'desktop', 'desktop'])[1 + (numbers.number / 7) % 10]
      as device_class,
    case when numbers.number % 5 < 2 then 1 + (hashint8extended(numbers.number, 1) & 1048575) % $5::bigint end as customer_id
  from generate_series(0, $2::bigint - 1) as numbers (number)
  cross join base.programme
),

named as materialized (
  select array_agg(page_elements.id order by page_elements.element) as ids
  from app.page_elements
  where page_elements.page_version_id = $1::bigint
    and page_elements.element <> '*'
),

views as (
  insert into app.page_view (occurred_at, visit_id, page_version_id, customer_id, received_on, device_class, bot)
  select
    visits.day::timestamptz + visits.time_of_day,
    visits.visit_id,
    $1::bigint,
    visits.customer_id,
    visits.day,
    visits.device_class,
    false
  from visits
),

drawn as (
  select
    visits.*,
    places.place,
    hashint8extended(visits.visit_id * 16 + places.place, 2) & 65535 as first,
    hashint8extended(visits.visit_id * 16 + places.place, 3) & 65535 as second,
    hashint8extended(visits.visit_id * 16 + places.place, 4) & 65535 as third
  from visits
  cross join generate_series(1, 9) as places (place)
)

insert into app.page_event (occurred_at, visit_id, page_version_id, element_id, received_on, x, y, kind, device_class, bot)
select
  drawn.day::timestamptz + drawn.time_of_day + drawn.place * interval '7 seconds',
  drawn.visit_id,
  $1::bigint,
  case
    when drawn.place < 9
      then named.ids[1 + (array_length(named.ids, 1) * (drawn.third / 65536.0) * (drawn.third / 65536.0))::integer % array_length(named.ids, 1)]
  end,
  drawn.day,
  case when drawn.place < 9 then (drawn.first + drawn.second) * 9999 / 131070 end,
  case when drawn.place < 9 then (drawn.second + drawn.third) * 9999 / 131070 else 1000 + drawn.first * 8999 / 65535 end,
  case
    when drawn.place = 9 then 'scroll'
    when drawn.place = 8 and drawn.first < 20000 then 'dead'
    when drawn.place = 8 and drawn.first < 25000 then 'rage'
    else 'click'
  end,
  drawn.device_class,
  false
from drawn
cross join named
order by drawn.visit_id, drawn.place
