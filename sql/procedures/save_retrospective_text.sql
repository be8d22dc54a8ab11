create function ops.save_retrospective_text(record_id bigint, user_id bigint, version integer, text text)
returns integer
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  found_one app.retrospectives;
begin
  found_one := ops.open_retrospective(record_id);
  if found_one.version <> save_retrospective_text.version then
    return null;
  end if;
  update app.retrospectives
  set
    text = save_retrospective_text.text,
    authors = case when user_id = any(retrospectives.authors) then retrospectives.authors else retrospectives.authors || user_id end,
    version = retrospectives.version + 1,
    updated_at = now()
  where retrospectives.id = record_id;
  return found_one.version + 1;
end;
$$;

comment on function ops.save_retrospective_text(bigint, bigint, integer, text) is
  'Saves what is said to the figures; null where somebody saved another text since that version, else the new version.';
