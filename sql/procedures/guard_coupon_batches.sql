-- After a batch is made: its codes are drawn, where it is to be generated.
create function ops.guard_coupon_batches(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  template app.coupon_templates;
  wanted constant integer := (after ->> 'quantity')::integer;
  made integer := 0;
  more integer;
begin
  if before is not null or after is null then
    return;
  end if;

  update app.coupon_batches
  set created_by = nullif(guard_coupon_batches.user_id, 0)
  where coupon_batches.id = record_id;

  select * into template from app.coupon_templates where coupon_templates.id = (after ->> 'template_id')::bigint;
  if template.code_mode <> after ->> 'kind' then
    raise exception '该优惠券的券码不是这样来的 | The codes of this coupon are not made that way' using errcode = 'EG422', column = 'kind';
  end if;
  if after ->> 'kind' = 'imported' then
    return;
  end if;

  -- Codes that are there already are drawn again; a pattern that has too few cannot give so many.
  for attempt in 1 .. 5 loop
    insert into app.coupon_codes (template_id, batch_id, code)
    select
      template.id,
      record_id,
      ops.new_code(template.code_pattern)
    from generate_series(1, wanted - made) as numbers (number)
    on conflict (code) do nothing;

    get diagnostics more = row_count;
    made := made + more;
    exit when made = wanted;
  end loop;

  if made < wanted then
    raise exception '券码规则的可用组合不足 | The pattern has too few codes' using errcode = 'EG422', column = 'quantity';
  end if;
end;
$$;

comment on function ops.guard_coupon_batches(bigint, bigint, jsonb, jsonb) is
  'Draws the codes of a generated batch; a batch is of the kind that its template takes codes from.';
