-- Words that somebody wrote about the person go; what was ordered, earned, spent and when stays. Called by ops.anonymise_customer, which runs as the owner.
create function ops.anonymise_facts(whom bigint[], personal text[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  removed constant text := '***';
begin
  update app.returns
  set reason = null
  where returns.customer_id = any (whom)
    and returns.reason is not null;

  update app.events
  set subject = null
  where events.customer_id = any (whom)
    and events.subject is not null;

  -- What was seen stays, but nobody's.
  update app.page_view
  set customer_id = null
  where page_view.customer_id = any (whom);

  update app.redemptions
  set
    partner_account = null,
    note = null,
    reason = null
  where redemptions.customer_id = any (whom)
    and coalesce(redemptions.partner_account, redemptions.note, redemptions.reason) is not null;

  update app.customer_titles
  set
    reason = case when customer_titles.source = 'staff' then removed else customer_titles.reason end,
    revoke_reason = case when customer_titles.revoke_reason is not null then removed end
  where customer_titles.customer_id = any (whom);

  -- What points were spent on, in the shop's words.
  update app.redemptions
  set purpose = ops.without_values(redemptions.purpose, personal)
  where redemptions.customer_id = any (whom)
    and redemptions.purpose <> ops.without_values(redemptions.purpose, personal);

  update app.benefit_uses
  set
    note = null,
    reason = null
  where benefit_uses.customer_id = any (whom)
    and coalesce(benefit_uses.note, benefit_uses.reason) is not null;

  update app.benefit_grants
  set note = null
  where benefit_grants.customer_id = any (whom)
    and benefit_grants.note is not null;

  update app.coupons
  set
    note = null,
    reason = null,
    remind_at = null
  where coupons.customer_id = any (whom)
    and coalesce(coupons.note, coupons.reason, coupons.remind_at::text) is not null;

  delete from app.coupon_reminders
  where coupon_reminders.customer_id = any (whom);

  update app.coupon_uses
  set reason = null
  where coupon_uses.customer_id = any (whom)
    and coupon_uses.reason is not null;

  update app.contact_tasks
  set
    note = null,
    outcome = null,
    status = case when contact_tasks.status = 'open' then 'cancelled' else contact_tasks.status end,
    done_at = coalesce(contact_tasks.done_at, now())
  where contact_tasks.customer_id = any (whom);

  update app.points_adjustments
  set reason = removed
  where points_adjustments.customer_id = any (whom);

  update app.tier_grades
  set reason = removed
  where tier_grades.customer_id = any (whom);

  update app.points_extensions
  set
    reason = removed,
    decision_note = null
  where points_extensions.customer_id = any (whom);

  update app.budget_postings
  set
    note = case when budget_postings.source_kind = 'manual' then removed end,
    document = case when budget_postings.source_kind = 'manual' then removed end
  where budget_postings.customer_id = any (whom)
    and coalesce(budget_postings.note, budget_postings.document) is not null;

  update app.customer_links
  set reason = removed
  where customer_links.customer_id = any (whom);

  -- Books of an enrolment made by earlier releases name the code.
  update app.points_lots
  set origin_key = ''
  where points_lots.customer_id = any (whom)
    and points_lots.origin_kind = 'sign_up';

  update app.points_accounts
  set last_external_id = ''
  where points_accounts.customer_id = any (whom)
    and points_accounts.last_rank = 0;

  -- Nobody is reminded of anything any more.
  delete from app.points_reminders
  where points_reminders.customer_id = any (whom)
    and points_reminders.sent_at is null;

  delete from app.benefit_reminders
  where benefit_reminders.customer_id = any (whom);

  update app.benefit_quotas
  set remind_on = null
  where benefit_quotas.customer_id = any (whom)
    and benefit_quotas.remind_on is not null;

  update app.benefit_grants
  set remind_on = null
  where benefit_grants.customer_id = any (whom)
    and benefit_grants.remind_on is not null;
end;
$$;

comment on function ops.anonymise_facts(bigint[], text[]) is
  'Empties the facts of the customers of what people wrote about them, and stops reminders.';
