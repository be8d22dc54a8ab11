create function report.tier_moves(from_on date, to_on date)
returns table (
  from_rank integer,
  from_tier text,
  from_tier_en text,
  to_rank integer,
  to_tier text,
  to_tier_en text,
  member_count bigint,
  from_member_count bigint,
  share_rate numeric
)
language sql
stable
begin atomic
  with moves as (
    select
      starts.tier_rank as from_rank,
      starts.tier_name as from_tier,
      starts.tier_name_en as from_tier_en,
      ends.tier_rank as to_rank,
      ends.tier_name as to_tier,
      ends.tier_name_en as to_tier_en,
      count(*) as member_count
    from report.tier_memberships as starts
    inner join report.tier_memberships as ends
      on ends.customer_id = starts.customer_id
      and ends.entered_on <= tier_moves.to_on
      and (ends.left_on is null or ends.left_on > tier_moves.to_on)
    where starts.entered_on <= tier_moves.from_on
      and (starts.left_on is null or starts.left_on > tier_moves.from_on)
    group by 1, 2, 3, 4, 5, 6
  )

  select
    moves.from_rank,
    moves.from_tier,
    moves.from_tier_en,
    moves.to_rank,
    moves.to_tier,
    moves.to_tier_en,
    moves.member_count,
    (sum(moves.member_count) over froms)::bigint,
    round(moves.member_count / sum(moves.member_count) over froms, 6)
  from moves
  window froms as (partition by moves.from_rank, moves.from_tier)
  order by moves.from_rank, moves.to_rank;
end;

comment on function report.tier_moves(date, date) is
  'Where the members of each tier on one day are on another
One row per pair of tiers with members who were in the first on from_on and are in the second on to_on; who was not a member on both days is not counted.
from_member_count: all of the first tier; share_rate: of these.';
