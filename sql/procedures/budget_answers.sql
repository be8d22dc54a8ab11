-- First come, first served: a claim is granted whole when both of its lines have room for it after those before it, and refused
-- whole otherwise; a smaller one behind it may still fit. Where everything fits nobody is looked at one by one.
create function ops.budget_answers(
  places integer[], budget_ids bigint[], customer_ids bigint[], cost_kinds text[], days date[], amounts numeric[],
  kept_lines bigint[], lines jsonb
)
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
    from unnest(places, budget_ids, customer_ids, cost_kinds, days, amounts, kept_lines)
      as given (place, budget_id, customer_id, cost_kind, on_day, amount, segment_line_id)
  ),

  of_budgets as materialized (
    select distinct
      open_lines.budget_id,
      open_lines.status,
      open_lines.starts_on,
      open_lines.ends_on,
      open_lines.stops
    from open_lines
  ),

  rule_sets as materialized (
    select distinct
      open_lines.budget_id,
      open_lines.rule_set_id
    from open_lines
    where open_lines.dimension = 'segment'
  ),

  judged as materialized (
    select
      asked.place,
      asked.amount,
      of_segment.line_id as segment_line_id,
      of_segment.room as segment_room,
      of_kind.line_id as kind_line_id,
      of_kind.room as kind_room,
      of_budgets.stops,
      case
        when of_budgets.status is distinct from 'active' then 'budget_not_active'
        when asked.on_day < of_budgets.starts_on or asked.on_day > of_budgets.ends_on then 'outside_budget_period'
        when coalesce(of_segment.amount, 0) = 0 or coalesce(of_kind.amount, 0) = 0 then 'no_budget_line'
        when of_budgets.stops and asked.amount > least(of_segment.room, of_kind.room) then 'budget_exhausted'
      end as reason
    from asked
    left join of_budgets
      on of_budgets.budget_id = asked.budget_id
    left join open_lines as of_kind
      on of_kind.budget_id = asked.budget_id
      and of_kind.dimension = 'cost_kind'
      and of_kind.cost_kind = asked.cost_kind
    left join lateral (
      select
        open_lines.line_id,
        open_lines.amount,
        open_lines.room
      from rule_sets
      left join lateral (
        select
          segment_memberships.segment_code,
          segment_memberships.left_on
        from app.segment_memberships
        where segment_memberships.customer_id = asked.customer_id
          and segment_memberships.rule_set_id = rule_sets.rule_set_id
          and segment_memberships.entered_on <= asked.on_day
        order by segment_memberships.entered_on desc
        limit 1
      ) as stay
        on asked.segment_line_id is null
      inner join open_lines
        on open_lines.budget_id = asked.budget_id
        and open_lines.rule_set_id = rule_sets.rule_set_id
        and case
          when asked.segment_line_id is not null then open_lines.line_id = asked.segment_line_id
          when stay.left_on <= asked.on_day then open_lines.segment_code = 'other'
          else open_lines.segment_code = coalesce(stay.segment_code, 'other')
        end
      where rule_sets.budget_id = asked.budget_id
      order by open_lines.position, open_lines.line_id
      limit 1
    ) as of_segment
      on true
  ),

  queued as materialized (
    select
      judged.*,
      judged.reason is null
      and (
        sum(judged.amount) filter (where judged.reason is null) over (partition by judged.segment_line_id order by judged.place)
          > judged.segment_room
        or sum(judged.amount) filter (where judged.reason is null) over (partition by judged.kind_line_id order by judged.place)
          > judged.kind_room
      ) as beyond
    from judged
  ),

  contested as materialized (
    select
      jsonb_agg(jsonb_build_array(queued.place, queued.segment_line_id, queued.kind_line_id, queued.amount) order by queued.place)
        as claims
    from queued
    where queued.stops
      and queued.reason is null
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
    queued.place,
    coalesce(queued.reason, case when not (verdicts.fits ->> queued.place::text)::boolean then 'budget_exhausted' end),
    queued.segment_line_id,
    queued.kind_line_id,
    queued.beyond and not queued.stops
  from queued
  cross join (
    select jsonb_object_agg(walk.place, walk.fits) filter (where walk.place is not null) as fits
    from walk
  ) as verdicts;
end;

comment on function ops.budget_answers(integer[], bigint[], bigint[], text[], date[], numeric[], bigint[], jsonb) is
  'What lines of budgets answer to claims, in the order of their places: no reason where a claim is granted, and the two lines that
it falls on by the customer''s segment of its day and its cost kind. A claim
that names its segment line keeps it. Changes nothing; the caller holds the lines locked.';
