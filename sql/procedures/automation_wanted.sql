create function ops.automation_wanted()
returns text[]
language sql
stable
begin atomic
  select array(
    select case automations.trigger_fact when 'first_order' then 'order' else automations.trigger_fact end
    from app.automations
    where automations.status = 'running'
      and automations.trigger = 'fact'
    union
    select case communities.joining when 'first_order' then 'order' else 'sign_up' end
    from app.communities
    where communities.status = 'active'
      and communities.joining <> 'manual'
  );
end;

comment on function ops.automation_wanted() is
  'The kinds of fact that running automations begin with, and that communities take people in by.';
