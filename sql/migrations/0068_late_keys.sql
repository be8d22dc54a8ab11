-- What is written for many customers at once has its keys checked at the end of the transaction. The routines that write it plan
-- anew for how many there are, and the check of each row's key would be planned anew with them: three times what it costs.
alter table app.automation_runs
  alter constraint automation_runs_automation_id_fkey deferrable initially deferred,
  alter constraint automation_runs_customer_id_fkey deferrable initially deferred;
-- A journey knows its automation.
alter table app.automation_steps
  drop constraint automation_steps_automation_id_fkey,
  alter constraint automation_steps_customer_id_run_id_fkey deferrable initially deferred;
alter table app.benefit_grants
  alter constraint benefit_grants_customer_id_fkey deferrable initially deferred,
  alter constraint benefit_grants_package_id_fkey deferrable initially deferred;
alter table app.benefit_quotas
  alter constraint benefit_quotas_benefit_id_fkey deferrable initially deferred,
  alter constraint benefit_quotas_customer_id_fkey deferrable initially deferred;
alter table app.benefit_uses
  alter constraint benefit_uses_benefit_id_fkey deferrable initially deferred,
  alter constraint benefit_uses_customer_id_fkey deferrable initially deferred,
  alter constraint benefit_uses_package_id_fkey deferrable initially deferred;
alter table app.coupons
  alter constraint coupons_budget_id_fkey deferrable initially deferred,
  alter constraint coupons_campaign_id_fkey deferrable initially deferred,
  alter constraint coupons_customer_id_fkey deferrable initially deferred,
  alter constraint coupons_template_id_fkey deferrable initially deferred;
alter table app.coupon_uses
  alter constraint coupon_uses_coupon_fkey deferrable initially deferred,
  alter constraint coupon_uses_customer_id_fkey deferrable initially deferred,
  alter constraint coupon_uses_template_id_fkey deferrable initially deferred;
