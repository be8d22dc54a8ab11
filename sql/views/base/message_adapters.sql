create view base.message_adapters as
select
  message_adapters.*,
  current_secrets.made_at as secret_set_at,
  old_secrets.until_at as old_secret_until_at
from app.message_adapters
left join lateral (
  select max(sealed_secrets.made_at) as made_at
  from app.sealed_secrets
  where sealed_secrets.kind = 'message_adapters'
    and sealed_secrets.record_id = message_adapters.id
    and sealed_secrets.until_at is null
) as current_secrets
  on true
left join lateral (
  select max(sealed_secrets.until_at) as until_at
  from app.sealed_secrets
  where sealed_secrets.kind = 'message_adapters'
    and sealed_secrets.record_id = message_adapters.id
    and sealed_secrets.until_at > now()
) as old_secrets
  on true;

comment on view base.message_adapters is
  'Channels
One row per way by which messages of a channel go out, with whether it has a secret and until when the one before still signs.';
