-- Who writes the same again writes nothing: only figures that moved make another number.
create function ops.write_retrospective(month_on date, body jsonb, author_id bigint)
returns table (retrospective_id bigint, number integer)
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  before base.retrospectives;
  before_figures jsonb;
  written app.retrospectives;
begin
  perform pg_advisory_xact_lock(hashtextextended('evergreen retrospective', 0));
  select *
  into before
  from base.retrospectives
  where retrospectives.month_on = write_retrospective.month_on
  order by retrospectives.number desc
  limit 1;
  select snapshots.body -> 'figures'
  into before_figures
  from app.retrospective_snapshots as snapshots
  where snapshots.retrospective_id = before.id;
  if before_figures = write_retrospective.body -> 'figures' then
    return;
  end if;

  -- What was written to the figures before is the beginning of what is written to these, and stays its authors'.
  insert into app.retrospectives (month_on, number, authors, text)
  values (
    write_retrospective.month_on,
    coalesce(before.number, 0) + 1,
    coalesce(before.authors, '{}')
    || case
      when write_retrospective.author_id is null or write_retrospective.author_id = any(coalesce(before.authors, '{}')) then '{}'::bigint[]
      else array[write_retrospective.author_id]
    end,
    coalesce(before.text, '')
  )
  returning * into written;

  insert into app.retrospective_snapshots (retrospective_id, watermark, body, sha256)
  values (
    written.id,
    ops.retrospective_watermark(),
    write_retrospective.body,
    encode(sha256(convert_to(write_retrospective.body::text, 'UTF8')), 'hex')
  );
  return query select written.id, written.number;
end;
$$;

comment on function ops.write_retrospective(date, jsonb, bigint) is
  'Keeps the figures of a month''s retrospective, for ever; nothing where the last number of the month has the same. Returns the new one.';
