create function ops.done_follow_ups(customers bigint[], ids bigint[])
returns void
language sql
volatile
begin atomic
  delete from app.follow_ups
  using unnest(done_follow_ups.customers, done_follow_ups.ids) as done (customer_id, id)
  where follow_ups.customer_id = done.customer_id
    and follow_ups.id = done.id;
end;

comment on function ops.done_follow_ups(bigint[], bigint[]) is
  'What was followed up is forgotten, row by row: what was noted meanwhile stays.';
