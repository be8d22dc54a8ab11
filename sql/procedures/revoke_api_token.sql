-- Ends a token for good, from the next request on.
create function ops.revoke_api_token(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language sql
volatile
begin atomic
  update app.api_tokens
  set
    revoked_at = now(),
    version = api_tokens.version + 1,
    updated_at = now()
  where api_tokens.id = revoke_api_token.record_id
    and api_tokens.revoked_at is null;

  select jsonb_build_object('message', jsonb_build_array('令牌已吊销', 'Token revoked'));
end;

comment on function ops.revoke_api_token(bigint, bigint, jsonb) is 'Revokes an API token; a second time changes nothing.';
