-- After a change of a campaign: what was approved stays as it was approved, and times do not run into each other.
create function ops.guard_campaigns(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
stable
as $$
declare
  -- What a reviewer decided on. The owner, the texts of the plan and the pages may follow later.
  decided constant text[] := array[
    'segments', 'tiers', 'audience_filter', 'holdout_rate', 'starts_on', 'ends_on', 'repeat', 'repeat_interval',
    'repeat_weekdays', 'repeat_until', 'exclusive', 'channels', 'contacts', 'coupons', 'benefits', 'benefit_packages',
    'points', 'point_multiplier', 'budget_amount', 'budget_id', 'form'
  ];
  changed text;
begin
  if before is not null and before ->> 'status' not in ('draft', 'review') then
    if after is null then
      raise exception '已批准的活动不能删除，请先退回草稿 | An approved campaign cannot be deleted; return it to draft first'
        using errcode = 'EG409';
    end if;

    select decided_name
    into changed
    from unnest(decided) as decided_name
    where before -> decided_name is distinct from after -> decided_name
    limit 1;

    if found then
      raise exception '活动已批准，修改前请先退回草稿 | The campaign is approved; return it to draft to change this'
        using errcode = 'EG409', column = changed;
    end if;
  end if;

  if after ->> 'repeat' is not null and exists (
    select
    from (
      select
        times.starts_on,
        lag(times.ends_on) over (order by times.starts_on) as before_ends_on
      from ops.occurrences(
        (after ->> 'starts_on')::date,
        (after ->> 'ends_on')::date,
        after ->> 'repeat',
        (after ->> 'repeat_interval')::integer,
        array(select jsonb_array_elements_text(coalesce(after -> 'repeat_weekdays', '[]'))),
        (after ->> 'repeat_until')::date,
        (after ->> 'starts_on')::date,
        (after ->> 'starts_on')::date + 1500
      ) as times
    ) as spans
    where spans.before_ends_on >= spans.starts_on
  ) then
    raise exception '每次持续的时间长于重复间隔 | Each time lasts longer than until the next begins'
      using errcode = 'EG422', column = 'ends_on';
  end if;

  if exists (
    with recursive above as (
      select (after ->> 'parent_id')::bigint as id

      union

      select campaigns.parent_id
      from above
      inner join app.campaigns
        on campaigns.id = above.id
    )

    select
    from above
    where above.id = record_id
  ) then
    raise exception '不能归属于自己或自己的下级 | It cannot belong to itself or to what belongs to it'
      using errcode = 'EG422', column = 'parent_id';
  end if;
end;
$$;

comment on function ops.guard_campaigns(bigint, bigint, jsonb, jsonb) is
  'Refuses changes of what was decided on once a campaign is approved, times longer than their interval, and circles of campaigns.';
