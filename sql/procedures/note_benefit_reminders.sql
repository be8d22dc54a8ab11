create function ops.note_benefit_reminders(as_of date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  noted bigint;
begin
  with due as (
    update app.benefit_quotas
    set remind_on = null
    where benefit_quotas.remind_on <= as_of
    returning benefit_quotas.*
  ),

  due_grants as (
    update app.benefit_grants
    set remind_on = null
    where benefit_grants.remind_on <= as_of
    returning benefit_grants.*
  ),

  told as (
    select
      due.customer_id,
      due.benefit_id,
      null::bigint as package_id,
      due.grant_id,
      due.period_from,
      due.usable_until - benefit_versions.remind_days as due_on,
      due.usable_until - 1 as last_on,
      due.quota + due.carried_over - due.used - due.reserved as left_uses,
      benefit_versions.remind_channels as channels
    from due
    inner join base.benefit_versions
      on benefit_versions.version_id = due.version_id
    where due.usable_until > as_of
      -- A package reminds of what is in it by itself.
      and not exists (
        select
        from app.benefit_grants
        inner join base.benefit_package_versions
          on benefit_package_versions.version_id = benefit_grants.version_id
        where benefit_grants.customer_id = due.customer_id
          and benefit_grants.id = due.grant_id
          and benefit_package_versions.remind_days is not null
          and benefit_grants.period_until = due.usable_until
      )

    union all

    select
      due_grants.customer_id,
      null,
      due_grants.package_id,
      due_grants.id,
      due_grants.period_from,
      due_grants.period_until - benefit_package_versions.remind_days,
      due_grants.period_until - 1,
      held.left_uses,
      benefit_package_versions.remind_channels
    from due_grants
    inner join base.benefit_package_versions
      on benefit_package_versions.version_id = due_grants.version_id
    cross join lateral (
      select
        sum(benefit_quotas.quota + benefit_quotas.carried_over - benefit_quotas.used - benefit_quotas.reserved)::integer as left_uses
      from app.benefit_quotas
      where benefit_quotas.customer_id = due_grants.customer_id
        and benefit_quotas.grant_id = due_grants.id
        and benefit_quotas.usable_until > as_of
    ) as held
    where due_grants.period_until > as_of
  )

  insert into app.benefit_reminders (
    customer_id, benefit_id, package_id, grant_id, period_from, due_on, last_on, left_uses, channels, noted_on
  )
  select
    told.customer_id,
    told.benefit_id,
    told.package_id,
    told.grant_id,
    told.period_from,
    told.due_on,
    told.last_on,
    told.left_uses,
    told.channels,
    as_of
  from told
  where told.left_uses > 0
  order by told.customer_id
  on conflict (customer_id, benefit_id, grant_id, period_from) do nothing;

  get diagnostics noted = row_count;
  return noted;
end;
$$;

comment on function ops.note_benefit_reminders(date) is
  'Notes who is to be told by the day that uses run out: once per period, when something is left and its last day is not past. Returns how many.';
