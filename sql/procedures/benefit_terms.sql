-- What it costs and who does it is as it is now; whose it is was promised when it was opened.
create function ops.benefit_terms(customer bigint, benefit bigint, of_grant bigint, of_period date, at_time timestamptz)
returns table (
  version_id bigint,
  fulfilment text,
  at_once boolean,
  owner_role text,
  handle_hours integer,
  unit_cost numeric,
  budget_id bigint,
  cost_kind text,
  code_pattern text
)
language sql
stable
begin atomic
  select
    benefit_versions.version_id,
    benefit_versions.fulfilment,
    -- Codes of a pool that somebody brings in are handed out by somebody.
    benefit_versions.fulfilment = 'automatic'
    or (benefit_versions.fulfilment = 'code' and coupon_templates.code_mode is distinct from 'imported'),
    case when benefit_versions.fulfilment = 'manual' then benefit_versions.owner_role else 'operator' end,
    case when benefit_versions.fulfilment = 'manual' then benefit_versions.handle_hours else 24 end,
    benefit_versions.unit_cost,
    benefit_versions.budget_id,
    benefit_versions.cost_kind,
    case when coupon_templates.code_mode = 'generated' then coupon_templates.code_pattern end
  from app.benefit_quotas
  inner join base.benefit_versions
    on benefit_versions.benefit_id = benefit_quotas.benefit_id
    and (
      benefit_versions.version_id = benefit_quotas.version_id
      or (
        benefit_versions.effective_from_at <= at_time
        and coalesce(benefit_versions.effective_until_at > at_time, true)
        and benefit_versions.status = 'active'
      )
    )
  left join app.coupon_templates
    on coupon_templates.id = benefit_versions.coupon_template_id
  where benefit_quotas.customer_id = customer
    and benefit_quotas.benefit_id = benefit
    and benefit_quotas.grant_id = of_grant
    and benefit_quotas.period_from = of_period
  order by benefit_versions.effective_from_at desc
  limit 1;
end;

comment on function ops.benefit_terms(bigint, bigint, bigint, date, timestamptz) is
  'How a use of what is open is done and paid for at a moment: by the version in force, or the one it was opened by where the benefit is not
in use any more. at_once: nobody has to do anything.';
