create function ops.grant_titles(asked jsonb, user_id bigint, at timestamptz)
returns table (
  id bigint,
  customer_id bigint,
  source text,
  external_id text
)
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  return query
  insert into app.customer_titles as held (
    customer_id, title_id, source, external_id, granted_at, until_at, reason, granted_by
  )
  select
    given.customer_id,
    given.title_id,
    given.source,
    given.external_id,
    grant_titles.at,
    grant_titles.at + make_interval(days => titles.lasts_days),
    given.reason,
    nullif(grant_titles.user_id, 0)
  from jsonb_to_recordset(asked) as given (title_id bigint, customer_id bigint, source text, external_id text, reason text)
  inner join app.titles
    on titles.id = given.title_id
  -- Asked under the same number it is the same: whoever asks holds the account.
  where not exists (
    select
    from app.customer_titles as there
    where there.customer_id = given.customer_id
      and there.source = given.source
      and there.external_id = given.external_id
  )
  order by given.customer_id, given.external_id
  returning held.id, held.customer_id, held.source, held.external_id;
end;
$$;

comment on function ops.grant_titles(jsonb, bigint, timestamptz) is
  'Gives titles and badges: [{title_id, customer_id, source, external_id, reason}], each once; for as long as the title says. Returns those that are new.';
