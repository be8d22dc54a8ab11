-- Who writes the same again writes nothing: a day that is written twice at once has one evaluation.
create function ops.write_stage_evaluation(reported_on date, body jsonb)
returns integer
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  fingerprint constant text := encode(sha256(convert_to(write_stage_evaluation.body::text, 'UTF8')), 'hex');
  before app.stage_evaluations;
begin
  perform pg_advisory_xact_lock(hashtextextended('evergreen stage evaluation', 0));
  select *
  into before
  from app.stage_evaluations
  where stage_evaluations.reported_on = write_stage_evaluation.reported_on
  order by stage_evaluations.number desc
  limit 1;
  if before.sha256 = fingerprint then
    return null;
  end if;

  insert into app.stage_evaluations (reported_on, number, body, sha256)
  values (write_stage_evaluation.reported_on, coalesce(before.number, 0) + 1, write_stage_evaluation.body, fingerprint);
  return coalesce(before.number, 0) + 1;
end;
$$;

comment on function ops.write_stage_evaluation(date, jsonb) is
  'Keeps the evaluation of the stages as of a day, for ever; nothing where the last one of the day says the same. Returns its number of the day, null where nothing was written.';
