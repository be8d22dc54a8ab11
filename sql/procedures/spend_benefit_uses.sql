create function ops.spend_benefit_uses(uses bigint[], at_time timestamptz)
returns void
language plpgsql
volatile
as $$
begin
  perform ops.give_benefit_coupons(uses, at_time);

  perform ops.settle_budget_holds('benefit', keys.of_status, case keys.status when 'done' then 'spent' else 'committed' end, at_time)
  from (
    select
      benefit_uses.status,
      array_agg(benefit_uses.id::text order by benefit_uses.id) as of_status
    from app.benefit_uses
    inner join app.budget_holds
      on budget_holds.source_kind = 'benefit'
      and budget_holds.source_key = benefit_uses.id::text
    where benefit_uses.id = any (uses)
      and benefit_uses.status in ('waiting', 'done')
    group by benefit_uses.status
  ) as keys;
end;
$$;

comment on function ops.spend_benefit_uses(bigint[], timestamptz) is
  'Uses that are done give their coupon; what they hold of their budgets is spent then, and committed where somebody is yet to do them.';
