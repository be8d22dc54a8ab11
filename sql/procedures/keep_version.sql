-- A change that waited for its time takes effect at that time, also where it is applied a minute later (or after a night without
-- the job): `evergreen.effective_at`, set by whoever applies it. It never goes before a version that is there already.
create function ops.keep_version(resource_name text, of_record_id bigint, by_user_id bigint, body jsonb, from_at timestamptz default null)
returns void
language plpgsql
volatile
as $$
declare
  appointed_at timestamptz := nullif(current_setting('evergreen.effective_at', true), '')::timestamptz;
  holds_at timestamptz := coalesce(from_at, now());
begin
  if from_at is null and appointed_at < now() then
    holds_at := greatest(
      appointed_at,
      (
        select max(programme_versions.effective_from_at)
        from app.programme_versions
        where programme_versions.resource = resource_name
          and programme_versions.record_id = of_record_id
      )
    );

    -- What was worked in since is done again.
    insert into app.inbox (customer_id, fact_kind, fact_id, again)
    select
      points_accounts.customer_id,
      'sign_up',
      points_accounts.customer_id,
      true
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id <> 0
      and (points_accounts.last_at >= holds_at or (resource_name = 'tiers' and points_accounts.settled_at >= holds_at));
  end if;

  insert into app.programme_versions (resource, record_id, effective_from_at, body, changed_by)
  values (resource_name, of_record_id, holds_at, keep_version.body, nullif(by_user_id, 0));
end;
$$;

comment on function ops.keep_version(text, bigint, bigint, jsonb, timestamptz) is
  'Keeps a configuration record as it holds from a moment on, for facts that happen from then on: now where none is named, or when the change that is being applied was to take effect.';
