-- One statement for each thing that a step does, however many have come to it. What it gives is asked for under the number of the
-- journey and the visit: done twice it is the same.
create function ops.automation_step(work bigint, automation bigint, version bigint, of_step text, at_time timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
<<visit>>
declare
  zone constant text := (select settings.time_zone from app.settings);
  today constant date := (at_time at time zone zone)::date;
  body jsonb;
  step jsonb;
  following text;
  wake timestamptz;
  code constant text := (select automations.code from app.automations where automations.id = automation);
  source constant text := 'automation:' || code;
  whom bigint[];
  keys text[];
  variables jsonb[];
  answers jsonb;
  granted bigint[];
  outcomes jsonb;
  onward jsonb;
begin
  select programme_versions.body into strict body from app.programme_versions where programme_versions.id = version;
  select
    listed.step,
    listed.following
  into strict step, following
  from (
    select
      given.step,
      coalesce(lead(given.step ->> 'code') over (order by given.place), 'end') as following
    from jsonb_array_elements(body -> 'steps') with ordinality as given (step, place)
  ) as listed
  where listed.step ->> 'code' = of_step;

  select
    array_agg(due.customer_id order by due.customer_id, due.run_id),
    array_agg(due.run_id || '-' || due.visits order by due.customer_id, due.run_id)
  into whom, keys
  from app.automation_due as due
  where due.work_id = work
    and due.version_id = version
    and due.step_code = of_step
    and due.wake_at is null
    and due.ended is null;
  if whom is null then
    return;
  end if;

  case step ->> 'kind'
  when 'wait' then
    wake := case step ->> 'wait_kind'
      when 'hours' then at_time + make_interval(hours => (step ->> 'wait_hours')::integer)
      when 'days' then (at_time at time zone zone + make_interval(days => (step ->> 'wait_days')::integer)) at time zone zone
      else (
        today + (step ->> 'wait_time')::time
        + case when (at_time at time zone zone)::time < (step ->> 'wait_time')::time then interval '0' else interval '1 day' end
      ) at time zone zone
    end;
    select jsonb_agg(jsonb_build_object('key', given.key, 'outcome', 'waits'))
    into answers
    from unnest(keys) as given (key);

  when 'condition' then
    select jsonb_agg(jsonb_build_object('key', asked.key, 'outcome', case when asked.met then 'met' else 'not_met' end))
    into answers
    from (
      select
        due.run_id || '-' || due.visits as key,
        case coalesce(step ->> 'asks', 'customer')
          when 'ordered' then exists (
            select
            from app.orders
            where orders.customer_id = due.customer_id
              and orders.status in ('paid', 'completed')
              and coalesce(orders.paid_at, orders.placed_at) > due.entered_at
              and coalesce(orders.paid_at, orders.placed_at) <= at_time
          )
          when 'coupon_used' then exists (
            select
            from app.automation_steps
            inner join app.coupons
              on coupons.customer_id = automation_steps.customer_id
              and coupons.id = automation_steps.made_id
            where automation_steps.customer_id = due.customer_id
              and automation_steps.run_id = due.run_id
              and automation_steps.kind = 'coupon'
              and coupons.status = 'redeemed'
          )
          else exists (
            select
            from app.automation_matches
            where automation_matches.work_id = work
              and automation_matches.customer_id = due.customer_id
          )
        end as met
      from app.automation_due as due
      where due.work_id = work
        and due.version_id = version
        and due.step_code = of_step
        and due.wake_at is null
        and due.ended is null
    ) as asked;

  when 'split' then
    select jsonb_agg(
      jsonb_build_object(
        'key', given.key,
        'outcome', case
          when ops.campaign_draw(hashtextextended(code || ' ' || of_step, 0), given.customer_id) < (step ->> 'share')::numeric then 'branch_a'
          else 'branch_b'
        end
      )
    )
    into answers
    from unnest(whom, keys) as given (customer_id, key);

  when 'coupon' then
    select jsonb_agg(
      jsonb_build_object(
        'key', said.external_id, 'outcome', case when said.refusal is null then 'done' else 'refused' end, 'reason', said.refusal,
        'made_id', said.coupon_id
      )
    )
    into answers
    from ops.issue_coupons(
      (step ->> 'coupon_template_id')::bigint, whom, source, keys, at_time,
      jsonb_strip_nulls(jsonb_build_object('campaign_id', body -> 'campaign_id', 'cost_kind', body ->> 'cost_kind'))
    ) as said;

  when 'message' then
    -- What was given on the way, and what they have bought most of.
    select array_agg(
      jsonb_strip_nulls(jsonb_build_object(
        'coupon', coupon.name,
        'coupon_code', coupon.code,
        'coupon_until', coupon.until,
        'category', favourite.category
      ))
      order by given.place
    )
    into variables
    from unnest(whom, keys) with ordinality as given (customer_id, key, place)
    left join lateral (
      select
        coupon_templates.name,
        coupons.code,
        to_char(coupons.valid_until_at at time zone zone, 'YYYY-MM-DD HH24:MI') as until
      from app.automation_steps
      inner join app.coupons
        on coupons.customer_id = automation_steps.customer_id
        and coupons.id = automation_steps.made_id
      inner join app.coupon_templates
        on coupon_templates.id = coupons.template_id
      where automation_steps.customer_id = given.customer_id
        and automation_steps.run_id = split_part(given.key, '-', 1)::bigint
        and automation_steps.kind = 'coupon'
      order by automation_steps.visit desc
      limit 1
    ) as coupon
      on true
    left join lateral (
      select products.category
      from app.orders
      inner join app.order_lines
        on order_lines.customer_id = orders.customer_id
        and order_lines.order_id = orders.id
      inner join app.products
        on products.id = order_lines.product_id
      where orders.customer_id = given.customer_id
        and products.category is not null
      group by products.category
      order by sum(order_lines.amount) desc, products.category
      limit 1
    ) as favourite
      on true;

    select jsonb_agg(
      jsonb_build_object(
        'key', said.external_id, 'outcome', case when said.passed > 0 then 'done' else 'refused' end,
        'reason', case when said.passed = 0 then said.refusal end, 'made_id', said.message_id
      )
    )
    into answers
    from (
      select
        queued.external_id,
        count(*) filter (where queued.refusal is null) as passed,
        min(queued.refusal) as refusal,
        coalesce(min(queued.message_id) filter (where queued.refusal is null), min(queued.message_id)) as message_id
      from ops.queue_messages((step ->> 'message_template_id')::bigint, whom, source, keys, variables, at_time) as queued
      group by queued.external_id
    ) as said;

  when 'package' then
    granted := ops.grant_package((step ->> 'package_id')::bigint, at_time, 'manual', null, whom, 0, left(body ->> 'name', 200));
    perform ops.open_grants((step ->> 'package_id')::bigint, at_time, granted, true)
    where cardinality(granted) > 0;
    select jsonb_agg(
      jsonb_build_object(
        'key', given.key,
        'outcome', case when given.customer_id = any (granted) then 'done' else 'refused' end,
        'reason', case
          when given.customer_id = any (granted) then null
          when held.id is not null then 'duplicate'
          else 'limit_reached'
        end,
        'made_id', held.id
      )
    )
    into answers
    from unnest(whom, keys) as given (customer_id, key)
    left join lateral (
      select benefit_grants.id
      from app.benefit_grants
      where benefit_grants.customer_id = given.customer_id
        and benefit_grants.package_id = (step ->> 'package_id')::bigint
        and benefit_grants.period_until > today
      order by benefit_grants.id desc
      limit 1
    ) as held
      on true;

  when 'benefit' then
    answers := ops.automation_benefit(whom, keys, step, at_time);

  when 'points' then
    answers := ops.automation_points(whom, keys, (step ->> 'points')::bigint, body, at_time);

  when 'add_tag', 'remove_tag' then
    update app.customers
    set
      tags = case step ->> 'kind'
        when 'add_tag' then array_append(people.tags, step ->> 'tag')
        else array_remove(people.tags, step ->> 'tag')
      end,
      version = people.version + 1,
      updated_at = now()
    from app.customers as people
    where people.id = any (whom)
      and app.customers.id = people.id
      and (step ->> 'kind' = 'add_tag') <> (step ->> 'tag' = any (people.tags));
    select jsonb_agg(jsonb_build_object('key', given.key, 'outcome', 'done'))
    into answers
    from unnest(keys) as given (key);

  when 'contact' then
    with made as (
      insert into app.contact_tasks (
        customer_id, automation_id, run_id, source, external_id, title, note, owner_role, opened_at, due_at
      )
      select
        given.customer_id,
        automation,
        split_part(given.key, '-', 1)::bigint,
        source,
        given.key,
        step ->> 'title',
        step ->> 'note',
        step ->> 'owner_role',
        at_time,
        at_time + make_interval(hours => (step ->> 'handle_hours')::integer)
      from unnest(whom, keys) as given (customer_id, key)
      order by given.customer_id
      on conflict (source, external_id, customer_id) do nothing
      returning contact_tasks.external_id, contact_tasks.id
    )

    select jsonb_agg(jsonb_build_object('key', given.key, 'outcome', 'done', 'made_id', made.id))
    into answers
    from unnest(keys) as given (key)
    left join made
      on made.external_id = given.key;

  when 'community' then
    -- Said once a day, however many come by.
    perform ops.post_in_community(
      (step ->> 'community_id')::bigint, (step ->> 'message_template_id')::bigint, source, of_step || ' ' || today,
      coalesce(step ->> 'name', of_step), at_time
    );
    select jsonb_agg(
      jsonb_strip_nulls(jsonb_build_object(
        'key', given.key, 'outcome', case when posted.id is null or posted.refusal is not null then 'refused' else 'done' end,
        'reason', case when posted.id is null then 'community_closed' else posted.refusal end, 'made_id', posted.id
      ))
    )
    into answers
    from unnest(keys) as given (key)
    left join app.communities
      on communities.id = (step ->> 'community_id')::bigint
    left join app.community_posts as posted
      on posted.source = visit.source
      and posted.external_id = communities.code || ' ' || of_step || ' ' || today;
  end case;

  -- Each journey by its whole key: planned as few they would be compared all with all.
  with said as (
    select *
    from jsonb_to_recordset(answers) as given (key text, outcome text, reason text, made_id bigint)
  )

  insert into app.automation_steps (
    customer_id, run_id, automation_id, visit, step_code, kind, outcome, reason, until_at, made_id, done_at, done_on
  )
  select
    due.customer_id,
    due.run_id,
    automation,
    due.visits,
    of_step,
    step ->> 'kind',
    coalesce(said.outcome, 'refused'),
    said.reason,
    wake,
    said.made_id,
    at_time,
    today
  from unnest(whom, keys) with ordinality as asked (customer_id, key, place)
  left join said
    on said.key = asked.key
  cross join lateral (
    select
      automation_due.customer_id,
      automation_due.run_id,
      automation_due.visits
    from app.automation_due
    where automation_due.work_id = work
      and automation_due.customer_id = asked.customer_id
      and automation_due.run_id = split_part(asked.key, '-', 1)::bigint
    limit 1
  ) as due
  order by asked.place;

  -- Looked up, not joined: the planner knows nothing of how many there are.
  onward := (
    select jsonb_object_agg(
      outcome.name,
      coalesce(
        nullif(
          step ->> case when outcome.name in ('met', 'branch_a') then 'yes_step' when outcome.name in ('not_met', 'branch_b') then 'no_step' else 'next_step' end,
          ''
        ),
        following
      )
    )
    from unnest(array['met', 'branch_a', 'not_met', 'branch_b', 'done', 'refused', 'waits']) as outcome (name)
  );
  outcomes := (select jsonb_object_agg(said.key, said.outcome) from jsonb_to_recordset(answers) as said (key text, outcome text));
  update app.automation_due
  set
    step_code = onward ->> coalesce(outcomes ->> (automation_due.run_id || '-' || automation_due.visits), 'refused'),
    visits = automation_due.visits + 1,
    wake_at = wake,
    ended = case
      when wake is null
        and onward ->> coalesce(outcomes ->> (automation_due.run_id || '-' || automation_due.visits), 'refused') = 'end' then 'finished'
    end
  where automation_due.work_id = work
    and automation_due.version_id = version
    and automation_due.step_code = of_step
    and automation_due.wake_at is null
    and automation_due.ended is null;

  delete from app.automation_matches where automation_matches.work_id = work;
end;
$$;

comment on function ops.automation_step(bigint, bigint, bigint, text, timestamptz) is
  'Does a step of a version for everybody in app.automation_due who has come to it, says of each what came of it and why, and sends them on to the next one.';
