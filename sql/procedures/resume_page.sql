create function ops.resume_page(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language sql
volatile
begin atomic
  update app.pages
  set
    status = case
      when exists (
        select
        from app.page_versions
        where page_versions.page_id = record_id
          and page_versions.state = 'published'
      ) then 'active'
      else 'draft'
    end,
    version = pages.version + 1,
    updated_at = now()
  where pages.id = record_id
    and pages.status = 'retired';

  select jsonb_build_object('id', record_id, 'message', jsonb_build_array('页面已恢复', 'The page is back'));
end;

comment on function ops.resume_page(bigint, bigint, jsonb) is
  'Action of a page that was taken down: what was live is live again.';
