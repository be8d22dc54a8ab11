create function ops.hand_over_redemption(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  update app.redemptions
  set
    handed_over_at = now(),
    handed_over_by = hand_over_redemption.user_id,
    note = input ->> 'note',
    version = redemptions.version + 1
  where redemptions.id = hand_over_redemption.record_id
    and redemptions.status = 'confirmed'
    and redemptions.handed_over_at is null;

  if not found then
    raise exception '兑换未确认或已交付 | It is not confirmed, or handed over already' using errcode = 'EG409';
  end if;
  perform ops.spend_budget('reward', hand_over_redemption.record_id::text, null, now());
  return jsonb_build_object('message', jsonb_build_array('已标记交付', 'Marked as handed over'));
end;
$$;

comment on function ops.hand_over_redemption(bigint, bigint, jsonb) is 'Notes that the reward of a confirmed redemption was handed over, by whom, with a note.';
