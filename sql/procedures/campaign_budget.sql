-- The budget of a campaign as it stands with what campaigns plan to take from it.
create function ops.campaign_budget(campaign jsonb)
returns table (
  name text,
  name_en text,
  status text,
  left_amount numeric,
  planned_amount numeric,
  over_amount numeric,
  outside boolean
)
language sql
stable
begin atomic
  with others as (
    select coalesce(sum(campaigns.budget_amount), 0) as planned_amount
    from app.campaigns
    where campaigns.budget_id = (campaign ->> 'budget_id')::bigint
      and campaigns.id is distinct from (campaign ->> 'id')::bigint
      and campaigns.status in ('review', 'approved', 'running', 'stopped')
  ),

  plan as (
    select others.planned_amount + coalesce((campaign ->> 'budget_amount')::numeric, 0) as planned_amount
    from others
  )

  select
    budgets.name,
    budgets.name_en,
    budgets.status,
    budgets.left_amount,
    plan.planned_amount,
    greatest(plan.planned_amount - budgets.left_amount, 0),
    (campaign ->> 'starts_on')::date not between coalesce(budgets.starts_on, '-infinity') and coalesce(budgets.ends_on, 'infinity')
  from base.budgets
  cross join plan
  where budgets.id = (campaign ->> 'budget_id')::bigint;
end;

comment on function ops.campaign_budget(jsonb) is
  'The budget of the given campaign (a record, saved or not): what is left of it, what this and the other campaigns in review, approved or running plan to take, by how much that is too much, and whether the campaign begins outside its period. No row without a budget.';
