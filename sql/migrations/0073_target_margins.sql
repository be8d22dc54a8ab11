-- How near a target is near enough to be called at risk rather than missed, where no interval says how sure a figure is.
alter table app.metric_targets
  add column margin_rate numeric(5, 4) not null default 0.05 check (margin_rate between 0 and 1);
comment on column app.metric_targets.margin_rate is
  'Share of the target by which a figure without an interval may fall short and be at risk, not missed.';
