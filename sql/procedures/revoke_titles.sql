create function ops.revoke_titles(customers bigint[], source text, external_ids text[], why text, at timestamptz, user_id bigint default 0)
returns integer
language plpgsql
volatile
as $$
declare
  revoked integer;
begin
  update app.customer_titles
  set
    revoked_at = revoke_titles.at,
    revoke_reason = revoke_titles.why,
    revoked_by = nullif(revoke_titles.user_id, 0),
    version = customer_titles.version + 1
  where customer_titles.customer_id = any (revoke_titles.customers)
    and customer_titles.source = revoke_titles.source
    and customer_titles.external_id = any (revoke_titles.external_ids)
    and customer_titles.revoked_at is null;
  get diagnostics revoked = row_count;
  return revoked;
end;
$$;

comment on function ops.revoke_titles(bigint[], text, text[], text, timestamptz, bigint) is
  'Takes titles away that were given under these numbers, saying why; returns how many.';
