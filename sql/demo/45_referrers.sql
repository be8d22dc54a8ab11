-- Who came by a referral names who invited them: one of those who had enrolled shortly before. Some numbers nobody knows.
with numbered as (
  select
    customers.id,
    customers.external_id,
    customers.channel,
    row_number() over (order by customers.enrolled_at, customers.id) as place
  from app.customers
  where customers.status = 'active'
)

update app.customers
set referrer_code = case when friends.id % 29 = 0 then 'OLD-' || friends.id else referrers.external_id end
from numbered as friends
inner join numbered as referrers
  -- Three in a row have one in common.
  on referrers.place = friends.place - friends.place % 3 - 1 - (friends.place / 3 * 7) % 40
where friends.channel = 'referral'
  and customers.id = friends.id;
