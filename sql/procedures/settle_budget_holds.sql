create function ops.settle_budget_holds(
  of_kind text, of_keys text[], to_state text, at timestamptz, actual numeric default null, of_spent boolean default false
)
returns table (
  source_key text,
  reserved numeric,
  committed numeric,
  spent numeric,
  released numeric
)
language plpgsql
volatile
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  moves jsonb;
begin
  perform
  from app.budget_holds
  where budget_holds.source_kind = of_kind
    and budget_holds.source_key = any (of_keys)
  order by budget_holds.id
  for update;

  if exists (
    select
    from app.budget_holds
    where budget_holds.source_kind = of_kind
      and budget_holds.source_key = any (of_keys)
      and to_state = 'spent'
      and budget_holds.reserved + budget_holds.committed > 0
      and (actual < 0 or actual > budget_holds.reserved + budget_holds.committed)
  ) then
    raise exception '实际费用超过预占的金额 | It costs more than was reserved for it'
      using errcode = 'EG422', column = 'amount', hint = '请先为差额另行预占 | Reserve the difference first';
  end if;

  perform
  from app.budget_lines
  where budget_lines.id in (
    select unnest(array[budget_holds.segment_line_id, budget_holds.kind_line_id])
    from app.budget_holds
    where budget_holds.source_kind = of_kind
      and budget_holds.source_key = any (of_keys)
  )
  order by budget_lines.id
  for update;

  select
    jsonb_agg(
      jsonb_build_object(
        'segment_line_id', budget_holds.segment_line_id,
        'kind_line_id', budget_holds.kind_line_id,
        'from_state', parts.from_state,
        'to_state', parts.to_state,
        'amount', parts.amount,
        'source_kind', budget_holds.source_kind,
        'source_key', budget_holds.source_key,
        'customer_id', budget_holds.customer_id,
        'posted_on', (at at time zone zone)::date
      )
      order by budget_holds.id, parts.place
    )
  into moves
  from app.budget_holds
  cross join lateral (
    select
      -- What is committed is spent first; what is left over goes back.
      least(coalesce(actual, budget_holds.reserved + budget_holds.committed), budget_holds.committed) as of_committed,
      greatest(coalesce(actual, budget_holds.reserved + budget_holds.committed) - budget_holds.committed, 0) as of_reserved
  ) as spending
  cross join lateral (
    values
      (1, 'committed', 'reserved', 'committed', budget_holds.reserved),
      (2, 'spent', 'committed', 'spent', least(spending.of_committed, budget_holds.committed)),
      (3, 'spent', 'reserved', 'spent', least(spending.of_reserved, budget_holds.reserved)),
      (4, 'spent', 'committed', 'released', budget_holds.committed - least(spending.of_committed, budget_holds.committed)),
      (5, 'spent', 'reserved', 'released', budget_holds.reserved - least(spending.of_reserved, budget_holds.reserved)),
      (6, 'released', 'reserved', 'released', budget_holds.reserved),
      (7, 'released', 'committed', 'released', budget_holds.committed),
      (8, 'released', 'spent', 'released', case when of_spent then budget_holds.spent else 0 end)
  ) as parts (place, step, from_state, to_state, amount)
  where budget_holds.source_kind = of_kind
    and budget_holds.source_key = any (of_keys)
    and parts.step = settle_budget_holds.to_state
    and parts.amount > 0;

  if moves is not null then
    perform ops.post_budget(moves);

    update app.budget_holds
    set
      reserved = budget_holds.reserved - changes.from_reserved,
      committed = budget_holds.committed - changes.from_committed + changes.to_committed,
      spent = budget_holds.spent - changes.from_spent + changes.to_spent,
      released = budget_holds.released + changes.to_released
    from (
      select
        moved.source_key,
        coalesce(sum(moved.amount) filter (where moved.from_state = 'reserved'), 0) as from_reserved,
        coalesce(sum(moved.amount) filter (where moved.from_state = 'committed'), 0) as from_committed,
        coalesce(sum(moved.amount) filter (where moved.to_state = 'committed'), 0) as to_committed,
        coalesce(sum(moved.amount) filter (where moved.from_state = 'spent'), 0) as from_spent,
        coalesce(sum(moved.amount) filter (where moved.to_state = 'spent'), 0) as to_spent,
        coalesce(sum(moved.amount) filter (where moved.to_state = 'released'), 0) as to_released
      from jsonb_to_recordset(moves) as moved (source_key text, from_state text, to_state text, amount numeric)
      group by moved.source_key
    ) as changes
    where budget_holds.source_kind = of_kind
      and budget_holds.source_key = changes.source_key;
  end if;

  return query
  select
    budget_holds.source_key,
    budget_holds.reserved::numeric,
    budget_holds.committed::numeric,
    budget_holds.spent::numeric,
    budget_holds.released::numeric
  from app.budget_holds
  where budget_holds.source_kind = of_kind
    and budget_holds.source_key = any (of_keys)
  order by budget_holds.id;
end;
$$;

comment on function ops.settle_budget_holds(text, text[], text, timestamptz, numeric, boolean) is
  'Moves what grants hold of their budgets on: committed (promised for good), spent (actual: what it came to, the rest is released;
all of it when null) or released (of_spent: what was spent too, when a use is taken back). Done before, or refused, it moves
nothing. Returns where the money of each is; keys that hold nothing are absent.';
