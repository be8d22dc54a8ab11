-- The same customers are drawn each time: by a hash of their id. Who enrolled later is not there.
create function ops.trial_open(of_title text, drafts jsonb, versions jsonb, month_count integer, sample integer, user_id bigint, until_at timestamptz)
returns bigint
language plpgsql
volatile
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  opened bigint;
  people bigint;
  drawn bigint;
begin
  select count(*)
  into people
  from app.customers
  where customers.id <> 0
    and customers.merged_into_id is null
    and customers.enrolled_at < until_at;

  insert into app.trials (title, drafts, versions, months, since_at, until_at, population, sampled, created_by)
  values (
    of_title, drafts, versions, month_count,
    (((until_at at time zone zone)::date - make_interval(months => month_count))::date)::timestamp at time zone zone,
    until_at, people, 0, user_id
  )
  returning trials.id into opened;

  insert into app.trial_customers (trial_id, customer_id, place, segment_code)
  select
    opened,
    chosen.id,
    chosen.place,
    coalesce(segments.segment_code, '')
  from (
    select
      customers.id,
      row_number() over (order by hashint8extended(customers.id, 0), customers.id) as place
    from app.customers
    where customers.id <> 0
      and customers.merged_into_id is null
      and customers.enrolled_at < until_at
    order by hashint8extended(customers.id, 0), customers.id
    limit sample
  ) as chosen
  left join lateral (
    select segment_memberships.segment_code
    from app.segment_memberships
    where segment_memberships.customer_id = chosen.id
      and segment_memberships.left_on is null
    order by segment_memberships.rule_set_id
    limit 1
  ) as segments
    on true;

  get diagnostics drawn = row_count;

  update app.trials
  set
    sampled = drawn,
    state = case when drawn = 0 then 'done' else 'waiting' end
  where trials.id = opened;

  return opened;
end;
$$;

comment on function ops.trial_open(text, jsonb, jsonb, integer, integer, bigint, timestamptz) is
  'Opens a trial of drafts over so many months of so many customers at most, and draws them; returns its id.';
