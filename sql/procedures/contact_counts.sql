create function ops.contact_counts(customers bigint[], contact_on date)
returns table (customer_id bigint, channel text, in_window bigint, on_day bigint)
language sql
stable
begin atomic
  select
    messages.customer_id,
    case when settings.contact_cap_by = 'channel' then messages.channel end,
    count(*),
    count(*) filter (where messages.contact_on = contact_counts.contact_on)
  from app.settings
  cross join (select distinct unnest(contact_counts.customers) as id) as people
  inner join app.messages
    on messages.customer_id = people.id
    and messages.contact_on > contact_counts.contact_on - settings.contact_cap_days
    and messages.channel = any (settings.contact_channels)
  group by messages.customer_id, 2;
end;

comment on function ops.contact_counts(bigint[], date) is
  'How many marketing messages went out to each of the customers, by channel or all together as the settings say: in the days of the cap up to the day, and on the day. Who got none is absent.';
