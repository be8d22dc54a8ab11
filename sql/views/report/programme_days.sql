create view report.programme_days as

select
  programme.today_on,
  programme.last_fact_on,
  programme.observed_until as known_until
from base.programme;

comment on view report.programme_days is
  '数据截止 / How far the facts reach
One row: today and how far orders are known.';

comment on column report.programme_days.today_on is
  '今天 / Today
The programme''s day.';
comment on column report.programme_days.last_fact_on is
  '最近有数据的日期 / Last day with facts
The last day on which there are orders or returns.';
comment on column report.programme_days.known_until is
  '完整截止 / Known until
The first day that is not known whole: the day after the last one with facts, never later than today.';
