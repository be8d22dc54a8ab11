create function ops.note_subscription_delivery(
  delivery bigint, attempt integer, outcome text, at timestamptz, said text, sent_to text, sha256 text
)
returns text
language sql
volatile
begin atomic
  update app.subscription_deliveries
  set
    state = case
      when outcome in ('sent', 'skipped', 'withheld') then outcome
      when outcome = 'refused' or subscription_deliveries.attempts >= 8 then 'failed'
      else 'queued'
    end,
    -- A minute, two, four …: the last attempt is some two hours after the first.
    due_at = case
      when outcome not in ('sent', 'skipped', 'withheld', 'refused') and subscription_deliveries.attempts < 8
        then note_subscription_delivery.at + make_interval(mins => (2 ^ (subscription_deliveries.attempts - 1))::integer)
    end,
    ended_at = case
      when outcome in ('sent', 'skipped', 'withheld', 'refused') or subscription_deliveries.attempts >= 8
        then note_subscription_delivery.at
    end,
    answer = said,
    sent_to = coalesce(note_subscription_delivery.sent_to, subscription_deliveries.sent_to),
    sha256 = coalesce(note_subscription_delivery.sha256, subscription_deliveries.sha256)
  where subscription_deliveries.id = delivery
    and subscription_deliveries.state = 'queued'
    and subscription_deliveries.attempts = attempt
  returning subscription_deliveries.state;
end;

comment on function ops.note_subscription_delivery(bigint, integer, text, timestamptz, text, text, text) is
  'What sending to a subscriber came to: sent, skipped (nothing to tell), withheld (may not see it), refused (for good), or anything else, which is tried again after a pause that
doubles, eight times. Nothing when it is no longer in the hands of that attempt.';
