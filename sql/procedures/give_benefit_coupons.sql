-- A coupon that cannot be given is no reason to lose the use: somebody sees to it, among what is to be done by hand.
create function ops.give_benefit_coupons(uses bigint[], at timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  said jsonb;
begin
  with asked as materialized (
    select
      benefits.coupon_template_id,
      benefits.id as benefit_id,
      benefits.cost_kind,
      array_agg(benefit_uses.customer_id order by benefit_uses.id) as customers,
      array_agg(benefit_uses.id::text order by benefit_uses.id) as numbers,
      jsonb_agg(greatest(benefit_uses.used_at, benefit_uses.confirmed_at, benefit_uses.fulfilled_at) order by benefit_uses.id) as moments
    from app.benefit_uses
    inner join app.benefits
      on benefits.id = benefit_uses.benefit_id
    where benefit_uses.id = any (uses)
      and benefit_uses.status = 'done'
      -- What somebody saw to is seen to.
      and benefit_uses.fulfilled_by is null
      and benefits.coupon_template_id is not null
      and (benefits.kind = 'coupon' or benefit_uses.fulfilment = 'code')
    group by benefits.id
  ),

  given as materialized (
    select
      said.external_id::bigint as use_id,
      said.coupon_id,
      said.refusal
    from asked
    cross join lateral ops.issue_coupons(
      asked.coupon_template_id, asked.customers, 'benefit:' || asked.benefit_id, asked.numbers, give_benefit_coupons.at,
      jsonb_build_object('cost_kind', asked.cost_kind, 'moments', asked.moments)
    ) as said
  )

  select jsonb_agg(to_jsonb(given))
  into said
  from given;

  -- Seen only now that the statement is over.
  update app.benefit_uses
  set
    code = case when given.coupon_id is null or coupon_templates.code_mode <> 'personal' then coupons.code else benefit_uses.code end,
    status = case when given.refusal is null then 'done' else 'waiting' end,
    fulfilled_at = case when given.refusal is null then benefit_uses.fulfilled_at end,
    owner_role = case when given.refusal is null then benefit_uses.owner_role else 'operator' end,
    due_at = case when given.refusal is null then benefit_uses.due_at else give_benefit_coupons.at + interval '24 hours' end,
    reason = coalesce(given.refusal, benefit_uses.reason)
  from jsonb_to_recordset(said) as given (use_id bigint, coupon_id bigint, refusal text)
  left join app.coupons
    on coupons.id = given.coupon_id
  left join app.coupon_templates
    on coupon_templates.id = coupons.template_id
  where benefit_uses.id = given.use_id
    and (given.refusal is not null or coupon_templates.code_mode <> 'personal');
end;
$$;

comment on function ops.give_benefit_coupons(bigint[], timestamptz) is
  'Uses of benefits that give a coupon give it, once; one that is refused waits for somebody, with the reason.';
