create function ops.reverse_budget_cost(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  posting app.budget_postings;
begin
  select budget_postings.*
  into posting
  from app.budget_postings
  where budget_postings.id = (input ->> 'posting_id')::bigint
    and budget_postings.budget_id = reverse_budget_cost.record_id;

  perform
  from app.budget_lines
  where budget_lines.id in (posting.segment_line_id, posting.kind_line_id)
  order by budget_lines.id
  for update;

  if not coalesce(
    (
      select postings.can_reverse
      from base.budget_postings as postings
      where postings.id = posting.id
    ),
    false
  ) then
    raise exception '只有尚未冲销的手工费用可以冲销 | Only a cost that was entered by hand, and not taken back yet, can be taken back'
      using errcode = 'EG409', column = 'posting_id';
  end if;

  perform ops.post_budget(jsonb_build_array(jsonb_build_object(
    'segment_line_id', posting.segment_line_id,
    'kind_line_id', posting.kind_line_id,
    'from_state', 'spent',
    'to_state', 'released',
    'amount', posting.amount,
    'source_kind', 'manual',
    'source_key', posting.source_key,
    'document', posting.document,
    'note', input ->> 'reason',
    'posted_by', reverse_budget_cost.user_id,
    'posted_on', (select programme.today_on from base.programme)
  )));

  update app.budgets
  set
    version = budgets.version + 1,
    updated_at = now()
  where budgets.id = reverse_budget_cost.record_id;
  return jsonb_build_object('message', jsonb_build_array('费用已冲销', 'The cost is taken back'));
end;
$$;

comment on function ops.reverse_budget_cost(bigint, bigint, jsonb) is
  'Takes back a cost that was entered by hand, once, with the reason; its money is free again.';
