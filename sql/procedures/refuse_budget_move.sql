create function ops.refuse_budget_move(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  perform ops.check_move_decider(refuse_budget_move.record_id, refuse_budget_move.user_id);
  update app.budget_moves
  set
    state = 'refused',
    decided_by = refuse_budget_move.user_id,
    decided_at = now(),
    decision_note = input ->> 'decision_note',
    version = budget_moves.version + 1
  where budget_moves.id = refuse_budget_move.record_id;
  return jsonb_build_object('message', jsonb_build_array('已退回', 'Refused'));
end;
$$;

comment on function ops.refuse_budget_move(bigint, bigint, jsonb) is 'Refuses a move that waits, with a note.';
