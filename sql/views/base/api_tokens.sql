create view base.api_tokens as

select
  api_tokens.id,
  api_tokens.name,
  api_tokens.user_id,
  users.name as owner,
  api_tokens.prefix,
  api_tokens.scopes,
  api_tokens.expires_at,
  api_tokens.last_used_at,
  api_tokens.last_used_ip,
  api_tokens.revoked_at,
  case
    when api_tokens.revoked_at is not null then 'revoked'
    when api_tokens.expires_at <= now() then 'expired'
    when users.status <> 'active' then 'suspended'
    else 'valid'
  end as state,
  api_tokens.version,
  api_tokens.created_at
from app.api_tokens
inner join app.users
  on users.id = api_tokens.user_id;

comment on view base.api_tokens is
  'API tokens
One row per token, with whether it is good for anything now. Never the token itself.';
