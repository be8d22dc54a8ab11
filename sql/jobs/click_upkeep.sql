-- every: 30 3 * * *
-- after: refresh_click_history
-- label: 点击数据的分区与保留 | Partitions and retention of clicks
create function ops.click_upkeep(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  made bigint := ops.make_click_partitions(as_of);
  dropped bigint := ops.drop_click_partitions(as_of - (select settings.click_days from app.settings));
  forgotten bigint;
begin
  -- What is a day old is no longer taken, so nobody asks for older ones.
  delete from app.click_batches
  where click_batches.received_at < as_of - 3;

  get diagnostics forgotten = row_count;

  -- Weeks that are over have their own; a week whose first days went would be made again without them.
  delete from app.cell_day
  where cell_day.day < as_of - 7 - (select settings.click_days from app.settings);

  return made + dropped + forgotten;
end;
$$;

comment on function ops.click_upkeep(date) is
  'Makes partitions for the months to come, drops those of which all is older than the days of the settings, forgets
deliveries that could not come again, and cells of days that old.';
