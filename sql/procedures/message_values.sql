-- Known of every customer, so that nobody has to hand it over: name, customer_no, tier, points, programme.
create function ops.message_values(customers bigint[])
returns table (customer_id bigint, language text, tells jsonb)
language sql
stable
begin atomic
  select
    people.id,
    people.language,
    jsonb_build_object(
      'name', people.name,
      'customer_no', people.external_id,
      'tier', case when people.language = 'en' then tiers.name_en else tiers.name end,
      'points', coalesce(points_accounts.available, 0),
      'programme', case when people.language = 'en' then settings.programme_name_en else settings.programme_name_zh end
    )
  from (
    select
      asked.id,
      customers.name,
      customers.external_id,
      coalesce(customers.language, settings.default_language) as language
    from unnest(customers) as asked (id)
    cross join app.settings
    left join app.customers
      on customers.id = asked.id
  ) as people
  cross join app.settings
  left join app.points_accounts
    on points_accounts.customer_id = people.id
    and points_accounts.book_id = 0
  left join app.tier_states
    on tier_states.customer_id = people.id
    and tier_states.book_id = 0
  left join app.tiers
    on tiers.id = tier_states.tier_id;
end;

comment on function ops.message_values(bigint[]) is
  'What every message may say of its customer, and the language they are written to in; of 0, nobody, what is said to everybody.';
