create function ops.campaign_draw(of_campaign_id bigint, customer bigint)
returns numeric
language sql
immutable
return report.holdout_draw(of_campaign_id, customer);

comment on function ops.campaign_draw(bigint, bigint) is
  'The place of a customer in the draw of a campaign''s holdout, from 0 to below 1: below its holdout_rate they are left out.';
