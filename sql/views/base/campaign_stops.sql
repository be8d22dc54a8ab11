create view base.campaign_stops as
select
  campaign_stops.id,
  campaign_stops.campaign_id,
  of_segment.budget_id,
  campaign_stops.reason,
  of_segment.segment_id,
  of_kind.cost_kind,
  of_segment.name || ' · ' || of_kind.name as lines,
  of_segment.name_en || ' · ' || of_kind.name_en as lines_en,
  campaign_stops.stopped_at,
  campaign_stops.resumed_at,
  campaign_stops.resumed_by
from app.campaign_stops
left join base.budget_lines as of_segment
  on of_segment.id = campaign_stops.segment_line_id
left join base.budget_lines as of_kind
  on of_kind.id = campaign_stops.kind_line_id;

comment on view base.campaign_stops is
  'Stops of campaigns
One row per time in which a campaign stood still, with the lines of the budget that had no room.';
