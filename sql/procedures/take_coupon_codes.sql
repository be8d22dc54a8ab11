-- Whoever comes while others wait waits behind them. Two who take at once pass each other's codes by; who finds too few looks
-- again alone, so that nobody waits beside a free code.
create function ops.take_coupon_codes(run bigint, template app.coupon_templates, at timestamptz)
returns void
language plpgsql
volatile
as $$
declare
  wanting bigint[] := array(
    select coupon_asks.coupon_id
    from app.coupon_asks
    where coupon_asks.run_id = run
      and coupon_asks.mine
      and coupon_asks.refusal is null
    order by coupon_asks.place
  );
  codes text[];
begin
  if template.code_mode = 'generated' then
    codes := array(select ops.new_code(template.code_pattern) from unnest(wanting));

    insert into app.coupon_codes (template_id, code, status, coupon_id, taken_at)
    select
      template.id,
      drawn.code,
      'taken',
      drawn.coupon_id,
      at
    from unnest(codes, wanting) as drawn (code, coupon_id);

    update app.coupon_asks
    set code = drawn.code
    from unnest(codes, wanting) as drawn (code, coupon_id)
    where coupon_asks.run_id = run
      and coupon_asks.coupon_id = drawn.coupon_id;
    return;
  end if;

  for attempt in 1 .. 2 loop
    if not exists (select from app.coupons where coupons.template_id = template.id and coupons.status = 'waiting') then
      with free as materialized (
        select
          taken.id,
          row_number() over (order by taken.id) as number
        from (
          select coupon_codes.id
          from app.coupon_codes
          where coupon_codes.template_id = template.id
            and coupon_codes.status = 'free'
          order by coupon_codes.id
          limit cardinality(wanting)
          for update skip locked
        ) as taken
      ),

      given as (
        update app.coupon_codes
        set
          status = 'taken',
          coupon_id = wanting[free.number],
          taken_at = at
        from free
        where coupon_codes.id = free.id
        returning coupon_codes.coupon_id, coupon_codes.code
      )

      update app.coupon_asks
      set code = given.code
      from given
      where coupon_asks.run_id = run
        and coupon_asks.coupon_id = given.coupon_id;
    end if;

    wanting := array(
      select coupon_asks.coupon_id
      from app.coupon_asks
      where coupon_asks.run_id = run
        and coupon_asks.mine
        and coupon_asks.refusal is null
        and coupon_asks.code is null
      order by coupon_asks.place
    );
    exit when wanting = '{}' or attempt = 2;
    perform pg_advisory_xact_lock(hashtextextended('evergreen codes of ' || template.id, 0));
    perform ops.serve_coupons(template.id, at);
  end loop;
end;
$$;

comment on function ops.take_coupon_codes(bigint, app.coupon_templates, timestamptz) is
  'Codes for what one run of ops.issue_coupons gives: drawn where the template makes its own, else from the pool as far as it goes.';
