-- The demo's campaigns draw on the budget of the year and know what to do when something goes wrong.
update app.campaigns
set
  budget_id = (
    select budgets.id
    from app.budgets
    order by budgets.status = 'active' desc, budgets.id
    limit 1
  ),
  playbooks = array(
    select risk_playbooks.id
    from app.risk_playbooks
    where risk_playbooks.code = any (
      case
        when campaigns.form in ('flash_sale', 'discount') then array['stock_shortage', 'system_failure']
        when campaigns.form in ('contest', 'draw', 'co_creation') then array['low_participation', 'reward_dispute']
        else array['low_participation']
      end
    )
    order by risk_playbooks.id
  )
where campaigns.budget_amount is not null;
