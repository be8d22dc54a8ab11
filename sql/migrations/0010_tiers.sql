-- Tiers: what domain T asks of them beyond a first threshold. Further criteria stand beside the first and are joined to it
-- by "any" or "all"; how long a tier lasts, when it rises, how far it falls and to which floor are settings of their own.

alter table app.tiers
  add column status text not null default 'active' check (status in ('active', 'retired')),
  add column window_start_month integer not null default 1 check (window_start_month between 1 and 12),
  add column segments bigint[] not null default '{}',
  add column criteria_match text not null default 'any' check (criteria_match in ('any', 'all')),
  add column criteria jsonb not null default '[]' check (jsonb_typeof(criteria) = 'array'),
  add column upgrade text not null default 'at_once' check (upgrade in ('at_once', 'next_period')),
  add column validity_kind text not null default 'months'
    check (validity_kind in ('continuous', 'months', 'period_end', 'next_period_end', 'forever')),
  add column validity_months integer default 12 check (validity_months between 1 and 120),
  add column grace_until text not null default 'exact' check (grace_until in ('exact', 'month_end', 'quarter_end', 'year_end')),
  add column floor_tier_id bigint references app.tiers on delete restrict,
  add column growth_multiplier numeric(6, 2) not null default 1 check (growth_multiplier >= 0),
  add column redeem_points integer not null default 100 check (redeem_points > 0);

create index tiers_floor_tier_id_idx on app.tiers (floor_tier_id);
create index tiers_segments_idx on app.tiers using gin (segments);

alter table app.tiers drop constraint tiers_window_kind_check;
update app.tiers
set window_kind = 'year'
where tiers.window_kind = 'calendar';
alter table app.tiers
  add constraint tiers_window_kind_check
    check (window_kind in ('rolling', 'month', 'quarter', 'year', 'anniversary', 'lifetime'));

-- Tiers of before: whoever never fell keeps the tier for good, the others hold it for a year.
update app.tiers
set
  validity_kind = case when tiers.downgrade = 'none' then 'forever' else 'months' end,
  validity_months = case when tiers.downgrade = 'none' then null else 12 end;

comment on column app.tiers.basis is
  'What is measured, the first criterion; criteria holds the others, each {basis, window_kind, window_days, window_start_month, enter_at, retain_at, reenter_at, segments}. View base.tier_criteria gives them all alike.';
comment on column app.tiers.enter_at is 'To get in; retain_at to stay, reenter_at to come back: enter_at where these are empty.';
comment on column app.tiers.segments is 'Basis segment: whoever is in one of these (base.segments.id) may enter.';
comment on column app.tiers.window_start_month is 'Month in which the first quarter or the year of the window begins.';
comment on column app.tiers.validity_kind is
  'When a tier that was reached is looked at again: every day, after validity_months, at the end of the window''s period or of the one after, never.';
comment on column app.tiers.grace_until is 'Where grace_days after the end of validity are rounded up to.';
comment on column app.tiers.floor_tier_id is 'A customer who was in this tier never falls below that one.';
comment on column app.tiers.redeem_points is 'Points worth one unit of the currency when a customer of this tier redeems them.';
