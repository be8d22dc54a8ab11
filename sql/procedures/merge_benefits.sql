-- Nobody holds the same card twice, or two periods of one benefit: what was used counts, and what is left is that of one person.
-- Called by ops.merge_customers, which runs as the owner and has locked both accounts.
create function ops.merge_benefits(survivor bigint, duplicate bigint)
returns void
language plpgsql
volatile
as $$
declare
  -- Grants of the duplicate that the survivor holds too, and theirs.
  same constant jsonb := (
    select coalesce(jsonb_object_agg(theirs.id, own.id), '{}')
    from app.benefit_grants as theirs
    inner join app.benefit_grants as own
      on own.customer_id = survivor
      and own.package_id = theirs.package_id
      and own.period_from = theirs.period_from
    where theirs.customer_id = duplicate
  );
begin
  update app.benefit_grants
  set customer_id = survivor
  where benefit_grants.customer_id = duplicate
    and not same ? benefit_grants.id::text;

  -- Held by one of them is held.
  update app.benefit_grants
  set ended_at = null
  from app.benefit_grants as theirs
  where theirs.customer_id = duplicate
    and theirs.ended_at is null
    and benefit_grants.customer_id = survivor
    and benefit_grants.id = (same ->> theirs.id::text)::bigint
    and benefit_grants.ended_at is not null;

  update app.benefit_uses
  set
    customer_id = survivor,
    grant_id = coalesce((same ->> benefit_uses.grant_id::text)::bigint, benefit_uses.grant_id)
  where benefit_uses.customer_id = duplicate;

  with gone as (
    delete from app.benefit_quotas
    using app.benefit_quotas as own
    where benefit_quotas.customer_id = duplicate
      and own.customer_id = survivor
      and own.benefit_id = benefit_quotas.benefit_id
      and own.grant_id = coalesce((same ->> benefit_quotas.grant_id::text)::bigint, benefit_quotas.grant_id)
      and own.period_from = benefit_quotas.period_from
    returning
      own.id as own_id,
      benefit_quotas.used,
      benefit_quotas.reserved,
      benefit_quotas.carried_over,
      benefit_quotas.usable_until
  )

  update app.benefit_quotas
  set
    used = benefit_quotas.used + gone.used,
    reserved = benefit_quotas.reserved + gone.reserved,
    usable_until = case
      when benefit_quotas.usable_until is not null and gone.usable_until is not null
        then greatest(benefit_quotas.usable_until, gone.usable_until)
    end,
    -- Two who used all of theirs used more than one may: nothing is left, and nothing is taken back.
    carried_over = greatest(
      benefit_quotas.carried_over,
      gone.carried_over,
      benefit_quotas.used + gone.used + benefit_quotas.reserved + gone.reserved - benefit_quotas.quota
    )
  from gone
  where benefit_quotas.id = gone.own_id;

  update app.benefit_quotas
  set
    customer_id = survivor,
    grant_id = coalesce((same ->> benefit_quotas.grant_id::text)::bigint, benefit_quotas.grant_id)
  where benefit_quotas.customer_id = duplicate;

  update app.benefit_refusals
  set customer_id = survivor
  where benefit_refusals.customer_id = duplicate;

  update app.budget_holds
  set customer_id = survivor
  where budget_holds.customer_id = duplicate;

  -- Reminders that are still to be sent are noted anew.
  delete from app.benefit_reminders
  where benefit_reminders.customer_id = duplicate;

  delete from app.points_reminders
  where points_reminders.customer_id = duplicate
    and points_reminders.sent_at is null;
end;
$$;

comment on function ops.merge_benefits(bigint, bigint) is
  'Benefits, cards and uses of the duplicate become the survivor''s; where both had the same period of one, their uses count together.';
