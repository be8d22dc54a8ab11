-- A new token of the one who asks. The token itself is in the answer and nowhere else.
create function ops.issue_api_token(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  -- 244 bits from the server's own strong source, in letters that need no escaping.
  secret constant text := 'eg_' || rtrim(
    translate(
      encode(
        sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
        'base64'
      ),
      '+/',
      '-_'
    ),
    '='
  );
  issued app.api_tokens;
begin
  insert into app.api_tokens (name, user_id, token_hash, prefix, scopes, expires_at)
  values (
    issue_api_token.input ->> 'name',
    issue_api_token.user_id,
    sha256(secret::bytea),
    left(secret, 9),
    array(select distinct jsonb_array_elements_text(issue_api_token.input -> 'scopes') order by 1),
    now() + make_interval(days => (issue_api_token.input ->> 'days')::integer)
  )
  returning * into issued;

  return jsonb_build_object(
    'message', jsonb_build_array('令牌已创建', 'Token created'),
    'secret', secret,
    'resource', 'api_tokens',
    'id', issued.id
  );
end;
$$;

comment on function ops.issue_api_token(bigint, bigint, jsonb) is
  'Makes an API token of the person who asks and returns it; only its SHA-256 is stored.';
