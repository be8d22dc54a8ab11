-- By a hash of both, so that a customer who is left out of one campaign is no likelier to be left out of the next, and that it is
-- the same whenever and however often it is asked.
create function report.holdout_draw(of_campaign_id bigint, customer bigint)
returns numeric
language sql
immutable
parallel safe
return ('x' || substr(md5(of_campaign_id::text || ' ' || customer::text), 1, 8))::bit(32)::bigint / 4294967296.0;

comment on function report.holdout_draw(bigint, bigint) is
  'The place of a customer in the draw of a holdout, from 0 to below 1: who lies below its holdout_rate is left out.';
