-- How points of a month are redeemed as they grow older, and what those outstanding will cost.

create table app.points_vintages (
  earned_month_on date not null,
  age_months integer not null check (age_months >= 0),
  issued_points bigint not null,
  redeemed_points bigint not null,
  outstanding_points bigint not null,
  primary key (earned_month_on, age_months)
);
comment on table app.points_vintages is
  'One row per month in which points were issued and age in calendar months that is over, 0 the month itself: what was redeemed of them at that age. Written each night for the last three years.';
comment on column app.points_vintages.issued_points is 'Points issued in the month, less those taken back with what had earned them; the same at every age.';
comment on column app.points_vintages.redeemed_points is 'Of these, redeemed at that age, less those given back.';
comment on column app.points_vintages.outstanding_points is 'Of these, what can still be redeemed today; the same at every age.';

create table app.points_liability_days (
  as_of_on date primary key,
  outstanding_points bigint not null,
  expected_points bigint not null,
  liability_amount numeric(16, 2) not null,
  breakage_rate numeric(7, 6) not null check (breakage_rate between 0 and 1),
  vintage_months integer not null
);
comment on table app.points_liability_days is 'What the points outstanding on a day were expected to cost, as it was worked out then.';
comment on column app.points_liability_days.expected_points is 'Of the points outstanding, how many are expected to be redeemed.';
comment on column app.points_liability_days.breakage_rate is 'Share of the points issued that is expected never to be redeemed.';
comment on column app.points_liability_days.vintage_months is 'Months of issue that it was estimated from.';
