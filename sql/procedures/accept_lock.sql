create function ops.accept_lock(batch bigint, fact_source text)
returns void
language plpgsql
volatile
as $$
begin
  perform
    case
      when buckets.alone then pg_advisory_xact_lock(7301, buckets.bucket)
      else pg_advisory_xact_lock_shared(7301, buckets.bucket)
    end
  from (
    select
      keys.bucket,
      bool_or(keys.alone) as alone
    from (
      select
        (hashtextextended(accept_lock.fact_source || chr(31) || import_orders.external_id, 0) & 63)::integer as bucket,
        false as alone
      from app.import_orders
      where import_orders.batch_id = accept_lock.batch

      union all

      select
        (hashtextextended(accept_lock.fact_source || chr(31) || import_returns.order_external_id, 0) & 63)::integer as bucket,
        true as alone
      from app.import_returns
      where import_returns.batch_id = accept_lock.batch
        and import_returns.order_external_id is not null
    ) as keys
    group by keys.bucket
    order by keys.bucket
  ) as buckets;
end;
$$;

comment on function ops.accept_lock(bigint, text) is
  'An order and a return of it must not arrive unseen by each other: orders share the lock of their id''s bucket, returns hold it
alone. 64 buckets, because a file of a million orders must not need a million locks; taken in ascending order, before any row.';
