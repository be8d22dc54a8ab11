create function ops.look_at_tiers()
returns bigint
language plpgsql
volatile
as $$
declare
  marked bigint;
begin
  update app.points_accounts
  set due_at = least(points_accounts.due_at, changed.at)
  from app.tier_states
  cross join (
    select max(programme_versions.effective_from_at) as at
    from app.programme_versions
    where programme_versions.resource = 'tiers'
      and programme_versions.effective_from_at <= now()
  ) as changed
  where points_accounts.book_id = 0
    and tier_states.book_id = 0
    and tier_states.customer_id = points_accounts.customer_id
    and tier_states.reviewed_at < changed.at
    and coalesce(points_accounts.due_at > changed.at, true);

  get diagnostics marked = row_count;
  return marked;
end;
$$;

comment on function ops.look_at_tiers() is
  'Marks as due whoever was not looked at since what tiers ask for has changed; returns how many.';
