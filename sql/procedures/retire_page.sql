create function ops.retire_page(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language sql
volatile
begin atomic
  update app.pages
  set
    status = 'retired',
    version = pages.version + 1,
    updated_at = now()
  where pages.id = record_id
    and pages.status <> 'retired';

  select jsonb_build_object('id', record_id, 'message', jsonb_build_array('页面已下线', 'The page is taken down'));
end;

comment on function ops.retire_page(bigint, bigint, jsonb) is
  'Action of a page: visitors are told that it has ended, nothing of it is measured. Its versions stay as they are.';
