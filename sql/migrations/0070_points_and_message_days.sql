-- Points and messages by day. Who writes a fact adds what it changes to a row of its own, in its own transaction, and never waits
-- for anybody; the refresh adds these up. Like the triggers that note facts, these know no rule, only what is counted.

create table app.points_day (
  day date primary key,
  issued_points bigint not null,
  spent_points bigint not null,
  expired_points bigint not null,
  reversed_points bigint not null
);
comment on table app.points_day is 'Points of the real book by programme day, what is undone taken off its own kind. What app.points_day_changes holds is not yet in it.';

create table app.points_day_changes (
  id bigint generated always as identity primary key,
  day date not null,
  issued_points bigint not null,
  spent_points bigint not null,
  expired_points bigint not null,
  reversed_points bigint not null
);
comment on table app.points_day_changes is 'What is still to be added to app.points_day, written in the transaction of the entries. Never updated, so that writers never wait for each other.';

create table app.message_day (
  day date not null,
  template_id bigint not null,
  channel text not null,
  category text not null,
  queued_count bigint not null,
  reached_count bigint not null,
  delivered_count bigint not null,
  read_count bigint not null,
  clicked_count bigint not null,
  failed_count bigint not null,
  suppressed_count bigint not null,
  waiting_count bigint not null,
  primary key (day, template_id, channel, category)
);
comment on table app.message_day is 'Messages but for tests by the programme day of their queueing, with what has become of them. What app.message_day_changes holds is not yet in it.';

create table app.message_day_changes (
  id bigint generated always as identity primary key,
  day date not null,
  template_id bigint not null,
  channel text not null,
  category text not null,
  queued_count bigint not null,
  reached_count bigint not null,
  delivered_count bigint not null,
  read_count bigint not null,
  clicked_count bigint not null,
  failed_count bigint not null,
  suppressed_count bigint not null,
  waiting_count bigint not null
);
comment on table app.message_day_changes is 'What is still to be added to app.message_day, written in the transaction of the messages. Never updated, so that writers never wait for each other.';

create function app.count_points()
returns trigger
language plpgsql
as $$
begin
  insert into app.points_day_changes (day, issued_points, spent_points, expired_points, reversed_points)
  select
    (added.occurred_at at time zone settings.time_zone)::date,
    sum(case when added.from_state = 'issued' then added.points when added.to_state = 'issued' then -added.points else 0 end),
    sum(case when added.to_state = 'spent' then added.points when added.from_state = 'spent' then -added.points else 0 end),
    sum(case when added.to_state = 'expired' then added.points when added.from_state = 'expired' then -added.points else 0 end),
    sum(case when added.to_state = 'reversed' then added.points when added.from_state = 'reversed' then -added.points else 0 end)
  from added
  cross join app.settings
  where added.book_id = 0
    and added.account = 'points'
  group by 1;
  return null;
end;
$$;
create trigger count_points after insert on app.points_entries
referencing new table as added for each statement execute function app.count_points();

-- Counted before a change they are taken off, counted after it they are added; where that comes to nothing there is no row.
create function app.count_added_messages()
returns trigger
language plpgsql
as $$
begin
  insert into app.message_day_changes (
    day, template_id, channel, category, queued_count, reached_count, delivered_count, read_count, clicked_count, failed_count,
    suppressed_count, waiting_count
  )
  select
    (added.queued_at at time zone settings.time_zone)::date,
    added.template_id,
    added.channel,
    added.category,
    count(*),
    count(*) filter (where added.state in ('sent', 'delivered')),
    count(*) filter (where added.state = 'delivered'),
    count(added.read_at),
    count(added.clicked_at),
    count(*) filter (where added.state = 'failed'),
    count(*) filter (where added.state = 'suppressed'),
    count(*) filter (where added.state in ('queued', 'held', 'sending'))
  from added
  cross join app.settings
  where not added.test
  group by 1, 2, 3, 4;
  return null;
end;
$$;
create trigger count_added_messages after insert on app.messages
referencing new table as added for each statement execute function app.count_added_messages();

create function app.count_changed_messages()
returns trigger
language plpgsql
as $$
begin
  insert into app.message_day_changes (
    day, template_id, channel, category, queued_count, reached_count, delivered_count, read_count, clicked_count, failed_count,
    suppressed_count, waiting_count
  )
  with versions as (
    select
      1 as sign,
      changed.queued_at,
      changed.template_id,
      changed.channel,
      changed.category,
      changed.state,
      changed.read_at,
      changed.clicked_at
    from changed
    where not changed.test
    union all
    select
      -1 as sign,
      former.queued_at,
      former.template_id,
      former.channel,
      former.category,
      former.state,
      former.read_at,
      former.clicked_at
    from former
    where not former.test
  ),

  sums as (
    select
      (versions.queued_at at time zone settings.time_zone)::date as day,
      versions.template_id,
      versions.channel,
      versions.category,
      sum(versions.sign) as queued_count,
      sum(case when versions.state in ('sent', 'delivered') then versions.sign else 0 end) as reached_count,
      sum(case when versions.state = 'delivered' then versions.sign else 0 end) as delivered_count,
      sum(case when versions.read_at is not null then versions.sign else 0 end) as read_count,
      sum(case when versions.clicked_at is not null then versions.sign else 0 end) as clicked_count,
      sum(case when versions.state = 'failed' then versions.sign else 0 end) as failed_count,
      sum(case when versions.state = 'suppressed' then versions.sign else 0 end) as suppressed_count,
      sum(case when versions.state in ('queued', 'held', 'sending') then versions.sign else 0 end) as waiting_count
    from versions
    cross join app.settings
    group by 1, 2, 3, 4
  )

  select
    sums.day,
    sums.template_id,
    sums.channel,
    sums.category,
    sums.queued_count,
    sums.reached_count,
    sums.delivered_count,
    sums.read_count,
    sums.clicked_count,
    sums.failed_count,
    sums.suppressed_count,
    sums.waiting_count
  from sums
  where (
    sums.queued_count, sums.reached_count, sums.delivered_count, sums.read_count, sums.clicked_count, sums.failed_count,
    sums.suppressed_count, sums.waiting_count
  ) <> (0, 0, 0, 0, 0, 0, 0, 0);
  return null;
end;
$$;
create trigger count_changed_messages after update on app.messages
referencing old table as former new table as changed for each statement execute function app.count_changed_messages();

create function app.count_gone_messages()
returns trigger
language plpgsql
as $$
begin
  insert into app.message_day_changes (
    day, template_id, channel, category, queued_count, reached_count, delivered_count, read_count, clicked_count, failed_count,
    suppressed_count, waiting_count
  )
  select
    (gone.queued_at at time zone settings.time_zone)::date,
    gone.template_id,
    gone.channel,
    gone.category,
    -count(*),
    -count(*) filter (where gone.state in ('sent', 'delivered')),
    -count(*) filter (where gone.state = 'delivered'),
    -count(gone.read_at),
    -count(gone.clicked_at),
    -count(*) filter (where gone.state = 'failed'),
    -count(*) filter (where gone.state = 'suppressed'),
    -count(*) filter (where gone.state in ('queued', 'held', 'sending'))
  from gone
  cross join app.settings
  where not gone.test
  group by 1, 2, 3, 4;
  return null;
end;
$$;
create trigger count_gone_messages after delete on app.messages
referencing old table as gone for each statement execute function app.count_gone_messages();

-- What is there already. Making the triggers has kept writers out until the end of this transaction.
insert into app.points_day (day, issued_points, spent_points, expired_points, reversed_points)
select
  (points_entries.occurred_at at time zone settings.time_zone)::date,
  sum(case when points_entries.from_state = 'issued' then points_entries.points when points_entries.to_state = 'issued' then -points_entries.points else 0 end),
  sum(case when points_entries.to_state = 'spent' then points_entries.points when points_entries.from_state = 'spent' then -points_entries.points else 0 end),
  sum(case when points_entries.to_state = 'expired' then points_entries.points when points_entries.from_state = 'expired' then -points_entries.points else 0 end),
  sum(case when points_entries.to_state = 'reversed' then points_entries.points when points_entries.from_state = 'reversed' then -points_entries.points else 0 end)
from app.points_entries
cross join app.settings
where points_entries.book_id = 0
  and points_entries.account = 'points'
group by 1;

insert into app.message_day (
  day, template_id, channel, category, queued_count, reached_count, delivered_count, read_count, clicked_count, failed_count,
  suppressed_count, waiting_count
)
select
  (messages.queued_at at time zone settings.time_zone)::date,
  messages.template_id,
  messages.channel,
  messages.category,
  count(*),
  count(*) filter (where messages.state in ('sent', 'delivered')),
  count(*) filter (where messages.state = 'delivered'),
  count(messages.read_at),
  count(messages.clicked_at),
  count(*) filter (where messages.state = 'failed'),
  count(*) filter (where messages.state = 'suppressed'),
  count(*) filter (where messages.state in ('queued', 'held', 'sending'))
from app.messages
cross join app.settings
where not messages.test
group by 1, 2, 3, 4;
