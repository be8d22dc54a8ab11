create function ops.tier_due(run bigint, due_at timestamptz, reviewed_at timestamptz)
returns timestamptz
language sql
stable
begin atomic
  select least(
    tier_due.due_at,
    (
      select min(engine_tiers.effective_from_at)
      from app.engine_tiers
      where engine_tiers.run_id = tier_due.run
        and engine_tiers.effective_from_at > tier_due.reviewed_at
    )
  );
end;

comment on function ops.tier_due(bigint, timestamptz, timestamptz) is
  'When a tier is looked at next: when it ends, or when what tiers ask for changes.';
