create function ops.carry_on(customers bigint[], benefits bigint[])
returns void
language plpgsql
volatile
as $$
declare
  raised bigint := 1;
begin
  while raised > 0 loop
    update app.benefit_quotas
    set carried_over = brought.uses
    from (
      select
        later.id,
        least(
          benefit_versions.carry_over_cap,
          before.quota + before.carried_over - before.used - before.reserved
        ) as uses
      from app.benefit_quotas as before
      inner join app.benefit_quotas as later
        on later.customer_id = before.customer_id
        and later.benefit_id = before.benefit_id
        and later.period_from = before.period_until
      left join app.benefit_grants as before_grants
        on before_grants.customer_id = before.customer_id
        and before_grants.id = before.grant_id
      left join app.benefit_grants as later_grants
        on later_grants.customer_id = later.customer_id
        and later_grants.id = later.grant_id
      inner join base.benefit_versions
        on benefit_versions.version_id = later.version_id
        and benefit_versions.carry_over
      where before.customer_id = any (customers)
        and before.benefit_id = any (benefits)
        and before_grants.package_id is not distinct from later_grants.package_id
        and before_grants.ended_at is null
    ) as brought
    where benefit_quotas.id = brought.id
      and benefit_quotas.carried_over < brought.uses;

    get diagnostics raised = row_count;
  end loop;
end;
$$;

comment on function ops.carry_on(bigint[], bigint[]) is
  'A use that was given back after its period ended is brought along into the next ones, as far as they bring anything along.';
