-- Entries of one automation follow each other, so that "once" holds whoever asks; the same stay, fact or day never enters twice.
create function ops.enter_automation(work bigint, automation bigint, at_time timestamptz)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  today constant date := (at_time at time zone zone)::date;
  held app.automations;
  version bigint;
  first_step text;
  entrant_ids bigint[];
  entrant_keys text[];
  entered integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('evergreen automation ' || automation, 0));
  select * into held from app.automations where automations.id = automation;

  select
    programme_versions.id,
    programme_versions.body -> 'steps' -> 0 ->> 'code'
  into version, first_step
  from app.programme_versions
  where programme_versions.resource = 'automations'
    and programme_versions.record_id = automation
    and programme_versions.effective_from_at <= at_time
  order by programme_versions.effective_from_at desc, programme_versions.id desc
  limit 1;

  if held.status = 'running' and first_step is not null
    and today >= coalesce(held.starts_on, '-infinity') and today <= coalesce(held.ends_on, 'infinity')
    and (
      held.campaign_id is null
      or exists (select from app.campaigns where campaigns.id = held.campaign_id and campaigns.status = 'running')
    )
  then
    with chosen_segments as materialized (
      select
        segments.rule_set_id,
        segments.segment_code
      from base.segments
      where segments.id = any (held.segments)
    ),

    permitted as (
      select
        entrants.customer_id,
        min(entrants.trigger_key) as trigger_key
      from app.automation_entrants as entrants
      inner join app.customers
        on customers.id = entrants.customer_id
        and customers.status = 'active'
        and customers.id <> 0
      where entrants.work_id = work
        and entrants.matches
        and (
          held.tiers = '{}'
          or exists (
            select
            from app.tier_states
            where tier_states.book_id = 0
              and tier_states.customer_id = entrants.customer_id
              and tier_states.tier_id = any (held.tiers)
          )
        )
        and (
          held.segments = '{}'
          or exists (
            select
            from app.segment_memberships
            inner join chosen_segments
              on chosen_segments.rule_set_id = segment_memberships.rule_set_id
              and chosen_segments.segment_code = segment_memberships.segment_code
            where segment_memberships.customer_id = entrants.customer_id
              and segment_memberships.entered_on <= today
              and (segment_memberships.left_on is null or segment_memberships.left_on > today)
          )
        )
        and not exists (
          select
          from app.automation_runs
          where automation_runs.customer_id = entrants.customer_id
            -- Plus nothing: their few journeys, never all of the automation's.
            and automation_runs.automation_id + 0 = automation
            and (
              automation_runs.status = 'running'
              or automation_runs.trigger_key = entrants.trigger_key
              or held.reentry = 'once'
              or (held.reentry = 'after_days' and automation_runs.entered_on > today - held.reentry_days)
            )
        )
      group by entrants.customer_id
    )

    select
      array_agg(permitted.customer_id),
      array_agg(permitted.trigger_key)
    into entrant_ids, entrant_keys
    from permitted;

    -- In a statement of its own: none who enters is among the journeys that the next is compared with.
    with judged as (
      select
        permitted.customer_id,
        permitted.trigger_key,
        -- Whoever the campaign leaves out is left out here too.
        held.holdout_rate > 0
        and ops.campaign_draw(coalesce(held.campaign_id, -automation), permitted.customer_id) < held.holdout_rate as held_out
      from unnest(entrant_ids, entrant_keys) as permitted (customer_id, trigger_key)
    ),

    made as (
      insert into app.automation_runs (
        customer_id, automation_id, version_id, trigger_key, status, step_code, due_at, visits, entered_at, entered_on, ended_at
      )
      select
        judged.customer_id,
        automation,
        version,
        judged.trigger_key,
        case when judged.held_out then 'held_out' else 'running' end,
        case when not judged.held_out then first_step end,
        case when not judged.held_out then at_time end,
        1,
        at_time,
        today,
        case when judged.held_out then at_time end
      from judged
      order by judged.customer_id
      on conflict on constraint automation_runs_trigger_key do nothing
      returning automation_runs.*
    ),

    told as (
      insert into app.automation_steps (customer_id, run_id, automation_id, visit, step_code, kind, outcome, done_at, done_on)
      select
        made.customer_id,
        made.id,
        automation,
        0,
        'entry',
        'entry',
        case when made.status = 'held_out' then 'held_out' else 'entered' end,
        at_time,
        today
      from made
    )

    select count(*) into entered from made;
  end if;

  delete from app.automation_entrants where automation_entrants.work_id = work;
  return entered;
end;
$$;

comment on function ops.enter_automation(bigint, bigint, timestamptz) is
  'Begins the journeys of those in app.automation_entrants whom the automation is for and who may enter (again); a share of them is held out. Returns how many.';
