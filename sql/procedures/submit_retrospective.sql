create function ops.submit_retrospective(record_id bigint, user_id bigint, submits boolean)
returns void
language plpgsql
volatile
as $$
declare
  found_one app.retrospectives;
begin
  found_one := ops.open_retrospective(record_id);
  if (found_one.submitted_at is not null) = submits then
    raise exception '这份复盘的状态已经变了 | This retrospective is already so'
      using errcode = 'EG409', hint = '请刷新页面 | Load the page again';
  end if;
  update app.retrospectives
  set
    submitted_by = case when submits then user_id end,
    submitted_at = case when submits then now() end,
    authors = case when not submits or user_id = any(retrospectives.authors) then retrospectives.authors else retrospectives.authors || user_id end,
    version = retrospectives.version + 1,
    updated_at = now()
  where retrospectives.id = record_id;
end;
$$;

comment on function ops.submit_retrospective(bigint, bigint, boolean) is 'Hands a draft in for review, or gives it back to its authors.';
