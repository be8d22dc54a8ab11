create view report.review_days as

select
  events.occurred_on as reviewed_on,
  coalesce(events.channel, 'unknown') as channel,
  count(*) as review_count,
  count(events.rating) as rated_count,
  coalesce(sum(events.rating), 0) as rating_sum,
  count(*) filter (where events.rating >= 4) as top_two_count,
  count(*) filter (where events.rating <= 2) as low_count
from app.events
where events.kind = 'review'
group by events.occurred_on, coalesce(events.channel, 'unknown');

comment on view report.review_days is
  '每日评价 / Reviews by day
One row per programme day and channel with a review. Days without are absent.';

comment on column report.review_days.reviewed_on is
  '评价日期 / Reviewed on
Programme day.';
comment on column report.review_days.channel is
  '渠道 / Channel
Where it was written, as the shop says it; unknown where it does not.';
comment on column report.review_days.review_count is
  '评价数 / Reviews
All of the day, also those without a rating.';
comment on column report.review_days.rated_count is
  '有评分的评价 / Rated reviews
Those with a rating of 1 to 5.';
comment on column report.review_days.rating_sum is
  '评分合计 / Sum of ratings
Of those with a rating; divided by their number it is the mean.';
comment on column report.review_days.top_two_count is
  '4–5 分评价 / Ratings of 4 and 5
Of those with a rating.';
comment on column report.review_days.low_count is
  '1–2 分评价 / Ratings of 1 and 2
Of those with a rating.';
