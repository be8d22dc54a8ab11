create view report.holdout_effects as

with sides as (
  select
    holdout_days.kind,
    holdout_days.record_id,
    holdout_days.code,
    holdout_days.name,
    holdout_days.name_en,
    holdout_days.holdout_rate,
    min(holdout_days.drawn_on) as drawn_from_on,
    max(holdout_days.drawn_on) as drawn_until_on,
    coalesce(sum(holdout_days.customer_count) filter (where not holdout_days.held_out), 0)::bigint as treated,
    coalesce(sum(holdout_days.converted_count) filter (where not holdout_days.held_out), 0)::bigint as treated_converted,
    coalesce(sum(holdout_days.customer_count) filter (where holdout_days.held_out), 0)::bigint as held_out,
    coalesce(sum(holdout_days.converted_count) filter (where holdout_days.held_out), 0)::bigint as held_out_converted,
    array[
      sum(holdout_days.spend) filter (where not holdout_days.held_out),
      sum(holdout_days.spend_squares) filter (where not holdout_days.held_out),
      sum(holdout_days.spend_before) filter (where not holdout_days.held_out),
      sum(holdout_days.spend_before_squares) filter (where not holdout_days.held_out),
      sum(holdout_days.spend_products) filter (where not holdout_days.held_out)
    ] as treated_sums,
    array[
      sum(holdout_days.spend) filter (where holdout_days.held_out),
      sum(holdout_days.spend_squares) filter (where holdout_days.held_out),
      sum(holdout_days.spend_before) filter (where holdout_days.held_out),
      sum(holdout_days.spend_before_squares) filter (where holdout_days.held_out),
      sum(holdout_days.spend_products) filter (where holdout_days.held_out)
    ] as held_out_sums
  from report.holdout_days
  group by
    holdout_days.kind, holdout_days.record_id, holdout_days.code, holdout_days.name, holdout_days.name_en, holdout_days.holdout_rate
)

select
  sides.kind,
  sides.record_id,
  sides.code,
  sides.name,
  sides.name_en,
  sides.holdout_rate,
  sides.drawn_from_on,
  sides.drawn_until_on,
  sides.treated,
  sides.treated_converted,
  sides.held_out,
  sides.held_out_converted,
  effect.treated_rate,
  effect.held_out_rate,
  effect.difference,
  effect.difference_low,
  effect.difference_high,
  effect.spend_difference,
  effect.spend_low,
  effect.spend_high,
  effect.adjusted_difference,
  effect.adjusted_low,
  effect.adjusted_high,
  effect.verdict
from sides
cross join lateral report.holdout_effect(
  sides.treated, sides.treated_converted, sides.held_out, sides.held_out_converted, sides.holdout_rate,
  sides.treated_sums, sides.held_out_sums
) as effect;

comment on view report.holdout_effects is
  '对照效果 / Effects beside a holdout
One row per automation or campaign with a holdout: all who were drawn so far and have had their days, on either side. See report.holdout_days and report.holdout_effect.';
comment on column report.holdout_effects.kind is
  '类型 / Kind
automation or campaign.';
comment on column report.holdout_effects.record_id is
  '编号 / Id
Number of the automation or campaign.';
comment on column report.holdout_effects.code is
  '编码 / Code
By which programs know it.';
comment on column report.holdout_effects.name is
  '名称 / Name
Chinese.';
comment on column report.holdout_effects.name_en is
  '名称（英文） / Name (English)
English.';
comment on column report.holdout_effects.holdout_rate is
  '对照组比例 / Holdout rate
Share that is to be held out.';
comment on column report.holdout_effects.drawn_from_on is
  '最早抽取 / Drawn from
First day on which somebody was drawn.';
comment on column report.holdout_effects.drawn_until_on is
  '最近抽取 / Drawn until
Last such day.';
comment on column report.holdout_effects.treated is
  '触达组客户 / Treated
Customers whom it was for.';
comment on column report.holdout_effects.treated_converted is
  '触达组下单 / Treated who ordered
Of them, who ordered in their days.';
comment on column report.holdout_effects.held_out is
  '对照组客户 / Held out
Customers who were left out.';
comment on column report.holdout_effects.held_out_converted is
  '对照组下单 / Held out who ordered
Of them, who ordered in their days.';
comment on column report.holdout_effects.treated_rate is
  '触达组下单率 / Rate of the treated
Share of the treated who ordered.';
comment on column report.holdout_effects.held_out_rate is
  '对照组下单率 / Rate of the held out
Share of the held out who ordered.';
comment on column report.holdout_effects.difference is
  '下单率之差 / Difference
The first less the second.';
comment on column report.holdout_effects.difference_low is
  '差值下限 / Difference, low
Newcombe, 95 %.';
comment on column report.holdout_effects.difference_high is
  '差值上限 / Difference, high
Newcombe, 95 %.';
comment on column report.holdout_effects.spend_difference is
  '人均消费之差 / Difference of spend
Net spend per customer of the treated less that of the held out.';
comment on column report.holdout_effects.spend_low is
  '人均消费差下限 / Difference of spend, low
95 %.';
comment on column report.holdout_effects.spend_high is
  '人均消费差上限 / Difference of spend, high
95 %.';
comment on column report.holdout_effects.adjusted_difference is
  '校正后人均消费之差 / Adjusted difference
Less what their spend before explains (CUPED).';
comment on column report.holdout_effects.adjusted_low is
  '校正后下限 / Adjusted, low
95 %.';
comment on column report.holdout_effects.adjusted_high is
  '校正后上限 / Adjusted, high
95 %.';
comment on column report.holdout_effects.verdict is
  '结论 / Verdict
more, less, unclear, too_few or ratio_off.';
