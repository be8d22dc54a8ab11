-- What was worked in again is no news; the same fact never enters twice either way.
create function ops.automation_fact_entrants(work bigint, automation bigint, customers bigint[], ids bigint[])
returns integer
language sql
volatile
begin atomic
  with made as (
    insert into app.automation_entrants (work_id, customer_id, trigger_key)
    select distinct
      automation_fact_entrants.work,
      noted.customer_id,
      automations.trigger_fact || ' ' || noted.fact_id
    from app.automations
    inner join app.follow_ups as noted
      on noted.fact_kind = case automations.trigger_fact when 'first_order' then 'order' else automations.trigger_fact end
    where automations.id = automation_fact_entrants.automation
      and automations.status = 'running'
      and automations.trigger = 'fact'
      and noted.customer_id = any (automation_fact_entrants.customers)
      and noted.id = any (automation_fact_entrants.ids)
      and not noted.again
      -- What happened before it was launched is told of late.
      and noted.occurred_at >= automations.launched_at
      and (
        automations.trigger_fact <> 'first_order'
        or not exists (
          select
          from app.orders
          inner join app.orders as own
            on own.customer_id = noted.customer_id
            and own.id = noted.fact_id
          where orders.customer_id = noted.customer_id
            and orders.id <> own.id
            and orders.status in ('paid', 'completed')
            and (orders.placed_at, orders.id) < (own.placed_at, own.id)
        )
      )
    returning automation_entrants.customer_id
  )

  select count(*)::integer from made;
end;

comment on function ops.automation_fact_entrants(bigint, bigint, bigint[], bigint[]) is
  'Whom facts that were just worked in bring to an automation. Returns how many.';
