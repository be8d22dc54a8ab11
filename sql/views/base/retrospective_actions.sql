create view base.retrospective_actions as

select
  retrospective_actions.id,
  retrospective_actions.month_on,
  retrospective_actions.decision,
  retrospective_actions.owner_id,
  retrospective_actions.due_on,
  retrospective_actions.metric,
  retrospective_actions.campaign_id,
  retrospective_actions.status,
  retrospective_actions.status = 'open' and retrospective_actions.due_on < programme.today_on as late,
  retrospective_actions.outcome,
  retrospective_actions.closed_on,
  retrospective_actions.version,
  retrospective_actions.created_at,
  retrospective_actions.updated_at
from app.retrospective_actions
cross join base.programme;

comment on view base.retrospective_actions is
  'Actions of retrospectives
One row per decision of a monthly retrospective, and whether it is late.';
