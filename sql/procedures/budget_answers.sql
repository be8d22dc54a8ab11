-- First come, first served: a claim is granted whole when both of its lines have room for it after those before it, and refused
-- whole otherwise; a smaller one behind it may still fit. Where everything fits nobody is looked at one by one.
create function ops.budget_answers(claims jsonb, lines jsonb)
returns table (
  place integer,
  reason text,
  segment_line_id bigint,
  kind_line_id bigint,
  over_limit boolean
)
language sql
stable
begin atomic
  with recursive open_lines as materialized (
    select *
    from jsonb_to_recordset(budget_answers.lines) as given (
      line_id bigint, budget_id bigint, dimension text, position integer, rule_set_id bigint, segment_code text, cost_kind text,
      amount numeric, room numeric, stops boolean, status text, starts_on date, ends_on date
    )
  ),

  asked as materialized (
    select *
    from jsonb_to_recordset(budget_answers.claims) as given (
      place integer, budget_id bigint, customer_id bigint, cost_kind text, on_day date, amount numeric, segment_line_id bigint
    )
  ),

  judged as materialized (
    select
      asked.place,
      asked.amount,
      of_segment.line_id as segment_line_id,
      of_segment.room as segment_room,
      of_kind.line_id as kind_line_id,
      of_kind.room as kind_room,
      of_budget.stops,
      case
        when of_budget.status is distinct from 'active' then 'budget_not_active'
        when asked.on_day < of_budget.starts_on or asked.on_day > of_budget.ends_on then 'outside_budget_period'
        when coalesce(of_segment.amount, 0) = 0 or coalesce(of_kind.amount, 0) = 0 then 'no_budget_line'
        when of_budget.stops and asked.amount > least(of_segment.room, of_kind.room) then 'budget_exhausted'
      end as reason
    from asked
    left join lateral (
      select
        open_lines.status,
        open_lines.starts_on,
        open_lines.ends_on,
        open_lines.stops
      from open_lines
      where open_lines.budget_id = asked.budget_id
      limit 1
    ) as of_budget
      on true
    left join lateral (
      select
        open_lines.line_id,
        open_lines.amount,
        open_lines.room
      from open_lines
      left join app.segment_memberships
        on asked.segment_line_id is null
        and segment_memberships.customer_id = asked.customer_id
        and segment_memberships.rule_set_id = open_lines.rule_set_id
        and segment_memberships.entered_on <= asked.on_day
        and (segment_memberships.left_on is null or segment_memberships.left_on > asked.on_day)
      where open_lines.budget_id = asked.budget_id
        and open_lines.dimension = 'segment'
        and case
          when asked.segment_line_id is not null then open_lines.line_id = asked.segment_line_id
          else open_lines.segment_code = coalesce(segment_memberships.segment_code, 'other')
        end
      order by open_lines.position, open_lines.line_id
      limit 1
    ) as of_segment
      on true
    left join open_lines as of_kind
      on of_kind.budget_id = asked.budget_id
      and of_kind.dimension = 'cost_kind'
      and of_kind.cost_kind = asked.cost_kind
  ),

  queued as materialized (
    select
      judged.*,
      sum(judged.amount) over (partition by judged.segment_line_id order by judged.place) > judged.segment_room
      or sum(judged.amount) over (partition by judged.kind_line_id order by judged.place) > judged.kind_room as beyond
    from judged
    where judged.reason is null
  ),

  contested as materialized (
    select
      jsonb_agg(jsonb_build_array(queued.place, queued.segment_line_id, queued.kind_line_id, queued.amount) order by queued.place)
        as claims
    from queued
    where queued.stops
    having bool_or(queued.beyond)
  ),

  walk (step, rooms, place, fits) as (
    select
      0,
      (select jsonb_object_agg(open_lines.line_id, open_lines.room) from open_lines),
      null::integer,
      true
    from contested
    union all
    select
      walk.step + 1,
      case
        when room.fits then walk.rooms || jsonb_build_object(
          claim.segment_line_id, (walk.rooms ->> claim.segment_line_id)::numeric - claim.amount,
          claim.kind_line_id, (walk.rooms ->> claim.kind_line_id)::numeric - claim.amount
        )
        else walk.rooms
      end,
      claim.place,
      room.fits
    from walk
    cross join contested
    cross join lateral (
      select
        (contested.claims -> walk.step ->> 0)::integer as place,
        contested.claims -> walk.step ->> 1 as segment_line_id,
        contested.claims -> walk.step ->> 2 as kind_line_id,
        (contested.claims -> walk.step ->> 3)::numeric as amount
    ) as claim
    cross join lateral (
      select
        (walk.rooms ->> claim.segment_line_id)::numeric >= claim.amount
        and (walk.rooms ->> claim.kind_line_id)::numeric >= claim.amount as fits
    ) as room
    where walk.step < jsonb_array_length(contested.claims)
  )

  select
    judged.place,
    coalesce(judged.reason, case when not walk.fits then 'budget_exhausted' end),
    judged.segment_line_id,
    judged.kind_line_id,
    coalesce(queued.beyond and not queued.stops, false)
  from judged
  left join queued
    on queued.place = judged.place
  left join walk
    on walk.place = judged.place;
end;

comment on function ops.budget_answers(jsonb, jsonb) is
  'What lines of budgets answer to claims, in the order of their places: no reason where a claim is granted, and the two lines that
it falls on by the customer''s segment of its day and its cost kind. Changes nothing; the caller holds the lines locked.';
