-- The gate for what is granted one by one: benefits, coupons, rewards. (Points ask at it in ops.engine_gate.)
create function ops.reserve_budgets(asked jsonb)
returns table (
  source_kind text,
  source_key text,
  granted boolean,
  reason text
)
language plpgsql
volatile
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  of_budgets bigint[];
  claims jsonb;
  moves jsonb;
  refused jsonb;
begin
  select array_agg(distinct given.budget_id)
  into of_budgets
  from jsonb_to_recordset(asked) as given (budget_id bigint, source_kind text, source_key text)
  where not exists (
    select
    from app.budget_holds
    where budget_holds.source_kind = given.source_kind
      and budget_holds.source_key = given.source_key
  );

  if of_budgets is not null then
    perform
    from app.budget_lines
    where budget_lines.budget_id = any (of_budgets)
    order by budget_lines.id
    for update;

    -- Now nobody else can have asked the same in the meantime.
    select jsonb_agg(to_jsonb(fresh) order by fresh.place)
    into claims
    from (
      select distinct on (given.source_kind, given.source_key)
        given.*,
        (given.at at time zone zone)::date as on_day
      from rows from (
        jsonb_to_recordset(asked) as (
          budget_id bigint, customer_id bigint, cost_kind text, amount numeric(14, 2), source_kind text, source_key text,
          at timestamptz
        )
      ) with ordinality as given (budget_id, customer_id, cost_kind, amount, source_kind, source_key, at, place)
      where given.budget_id is not null
        and not exists (
          select
          from app.budget_holds
          where budget_holds.source_kind = given.source_kind
            and budget_holds.source_key = given.source_key
        )
      order by given.source_kind, given.source_key, given.place
    ) as fresh;

    with answers as materialized (
      select said.*
      from (
        select
          array_agg(given.place order by given.place) as places,
          array_agg(given.budget_id order by given.place) as budget_ids,
          array_agg(given.customer_id order by given.place) as customer_ids,
          array_agg(given.cost_kind order by given.place) as cost_kinds,
          array_agg(given.on_day order by given.place) as days,
          array_agg(given.amount order by given.place) as amounts,
          array_agg(null::bigint) as kept
        from jsonb_to_recordset(claims) as given (
          place integer, budget_id bigint, customer_id bigint, cost_kind text, on_day date, amount numeric
        )
      ) as asking
      cross join lateral ops.budget_answers(
        asking.places, asking.budget_ids, asking.customer_ids, asking.cost_kinds, asking.days, asking.amounts, asking.kept,
        (select jsonb_agg(to_jsonb(rooms)) from ops.budget_rooms(of_budgets) as rooms)
      ) as said
    ),

    held as (
      insert into app.budget_holds (
        source_kind, source_key, customer_id, budget_id, cost_kind, segment_line_id, kind_line_id, segment_id, amount, reason,
        reserved, asked_at
      )
      select
        given.source_kind,
        given.source_key,
        given.customer_id,
        given.budget_id,
        given.cost_kind,
        answers.segment_line_id,
        answers.kind_line_id,
        budget_lines.segment_id,
        given.amount,
        -- What costs nothing needs no money.
        case when given.amount > 0 then answers.reason end,
        case when answers.reason is null then given.amount else 0 end,
        given.at
      from jsonb_to_recordset(claims) as given (
        place integer, budget_id bigint, customer_id bigint, cost_kind text, amount numeric, source_kind text, source_key text,
        at timestamptz
      )
      inner join answers
        on answers.place = given.place
      left join app.budget_lines
        on budget_lines.id = answers.segment_line_id
      order by given.place
      on conflict on constraint budget_holds_source_key do nothing
      returning budget_holds.*
    )

    select
      jsonb_agg(
        jsonb_build_object(
          'segment_line_id', held.segment_line_id,
          'kind_line_id', held.kind_line_id,
          'from_state', 'free',
          'to_state', 'reserved',
          'amount', held.reserved,
          'source_kind', held.source_kind,
          'source_key', held.source_key,
          'customer_id', held.customer_id,
          'posted_on', (held.asked_at at time zone zone)::date
        )
        order by held.id
      ) filter (where held.reserved > 0),
      jsonb_agg(to_jsonb(held)) filter (where held.reason = 'budget_exhausted')
    into moves, refused
    from held;

    perform ops.post_budget(moves)
    where moves is not null;
    perform ops.stop_campaigns(refused)
    where refused is not null;
  end if;

  return query
  select
    given.source_kind,
    given.source_key,
    budget_holds.reason is null,
    budget_holds.reason
  from rows from (jsonb_to_recordset(asked) as (source_kind text, source_key text))
    with ordinality as given (source_kind, source_key, place)
  left join app.budget_holds
    on budget_holds.source_kind = given.source_kind
    and budget_holds.source_key = given.source_key
  order by given.place;
end;
$$;

comment on function ops.reserve_budgets(jsonb) is
  'Asks budgets for grants that are not points: [{budget_id, customer_id, cost_kind, amount, source_kind (benefit, coupon, reward),
source_key, at}]. Each is granted whole or refused with a reason: budget_exhausted, no_budget_line, budget_not_active,
outside_budget_period. A source key gets one answer for ever: asked again it is repeated and nothing is booked, also a refusal; a
new attempt is a new key. Without a budget everything is granted, and nothing kept.';
