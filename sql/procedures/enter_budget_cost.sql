-- The same document may say several costs; the same of it twice is a slip.
create function ops.enter_budget_cost(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  spent_on constant date := coalesce((input ->> 'spent_on')::date, (select programme.today_on from base.programme));
  cost constant numeric(14, 2) := (input ->> 'amount')::numeric;
  of_segment record;
  of_kind record;
  room numeric(14, 2);
begin
  perform
  from app.budget_lines
  where budget_lines.budget_id = enter_budget_cost.record_id
  order by budget_lines.id
  for update;

  select rooms.*
  into of_segment
  from ops.budget_rooms(array[enter_budget_cost.record_id]) as rooms
  inner join app.budget_lines
    on budget_lines.id = rooms.line_id
  where budget_lines.segment_id = (input ->> 'segment_id')::bigint;

  select rooms.*
  into of_kind
  from ops.budget_rooms(array[enter_budget_cost.record_id]) as rooms
  where rooms.cost_kind = input ->> 'cost_kind';

  if of_segment.line_id is null or of_segment.amount = 0 then
    raise exception '该客群没有额度 | The budget has no money for this segment' using errcode = 'EG422', column = 'segment_id';
  end if;
  if of_kind.line_id is null or of_kind.amount = 0 then
    raise exception '该费用类别没有额度 | The budget has no money for this kind' using errcode = 'EG422', column = 'cost_kind';
  end if;
  if spent_on < of_kind.starts_on or spent_on > of_kind.ends_on then
    raise exception '不在预算期间内 | Outside the period of the budget' using errcode = 'EG422', column = 'spent_on';
  end if;
  room := greatest(least(of_segment.room, of_kind.room), 0);
  if of_kind.stops and cost > room then
    raise exception '余额只有 % | Only % is left for it', room, room
      using errcode = 'EG422', column = 'amount', hint = '可先调拨 | Money can be moved to it first';
  end if;

  if exists (
    select
    from base.budget_postings as postings
    where postings.budget_id = enter_budget_cost.record_id
      and postings.document = btrim(input ->> 'document')
      and postings.segment_id = (input ->> 'segment_id')::bigint
      and postings.cost_kind = input ->> 'cost_kind'
      and postings.amount = cost
      and postings.can_reverse
  ) then
    raise exception '这张单据的这笔费用已录入 | This cost of the document is entered already'
      using errcode = 'EG409', column = 'document';
  end if;

  perform ops.post_budget(jsonb_build_array(jsonb_build_object(
    'segment_line_id', of_segment.line_id,
    'kind_line_id', of_kind.line_id,
    'from_state', 'free',
    'to_state', 'spent',
    'amount', cost,
    'source_kind', 'manual',
    'source_key', gen_random_uuid()::text,
    'document', btrim(input ->> 'document'),
    'note', input ->> 'note',
    'posted_by', enter_budget_cost.user_id,
    'posted_on', spent_on
  )));

  update app.budgets
  set
    version = budgets.version + 1,
    updated_at = now()
  where budgets.id = enter_budget_cost.record_id;

  return jsonb_build_object('message', jsonb_build_array('费用已录入', 'The cost is entered'));
end;
$$;

comment on function ops.enter_budget_cost(bigint, bigint, jsonb) is
  'Books a cost that no grant brought, with its document, as spent; refused beyond the room of a budget that stops.';
