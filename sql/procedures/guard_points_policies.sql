create function ops.guard_points_policies(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  perform ops.keep_version(
    'points_policies',
    record_id,
    user_id,
    (
      select to_jsonb(points_policies) - 'version'
      from app.points_policies
      where points_policies.id = record_id
    )
  );
end;
$$;

comment on function ops.guard_points_policies(bigint, bigint, jsonb, jsonb) is
  'Keeps the policy as it holds from now on, for points earned from now on.';
