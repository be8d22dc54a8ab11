create function ops.claim_coupon(customer bigint, asked jsonb, at timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  known app.fact_keys;
  offered app.coupons;
  free app.coupon_codes;
  template app.coupon_templates;
  said record;
  refused text;
begin
  perform ops.lock_coupon_customers(array[customer]);

  select * into known
  from app.fact_keys
  where fact_keys.source = asked ->> 'source'
    and fact_keys.kind = 'coupon'
    and fact_keys.external_id = asked ->> 'external_id';
  if found then
    return jsonb_build_object(
      'answer', case when known.answer ? 'refusal' then 'refused' else 'replayed' end,
      'id', case when not known.answer ? 'refusal' then known.fact_id end,
      'refusal', known.answer ->> 'refusal',
      'differs', known.customer_id <> customer
    );
  end if;

  if asked ->> 'code' is not null then
    select * into free from app.coupon_codes where coupon_codes.code = upper(btrim(asked ->> 'code')) for update;
    if not found then
      raise exception '没有此券码 | There is no such code' using errcode = 'EG422', column = 'code', detail = 'code_unknown';
    end if;
    select * into template from app.coupon_templates where coupon_templates.id = free.template_id;
    if free.coupon_id is not null then
      select * into offered from app.coupons where coupons.customer_id = claim_coupon.customer and coupons.id = free.coupon_id;
      if not found then
        refused := 'wrong_customer';
      end if;
    elsif free.status = 'withdrawn' then
      refused := 'void';
    elsif template.distribution <> 'code' then
      refused := 'not_offered';
    end if;
  else
    select * into template from app.coupon_templates where coupon_templates.code = asked ->> 'template';
    if not found then
      raise exception '没有此优惠券 | There is no such coupon' using errcode = 'EG422', column = 'template', detail = 'coupon_unknown';
    end if;
    select * into offered
    from app.coupons
    where coupons.customer_id = claim_coupon.customer
      and coupons.template_id = template.id
      and coupons.status = 'issued'
      and template.distribution = 'claim'
    order by
      coupons.claim_until_at,
      coupons.id
    limit 1;
  end if;

  if offered.id is not null then
    if offered.status = 'issued' then
      refused := case
        when template.claim_from_at > claim_coupon.at then 'not_started'
        when offered.claim_until_at <= claim_coupon.at then 'expired'
      end;
    end if;
    if refused is null then
      perform ops.receive_coupon(claim_coupon.customer, offered.id, claim_coupon.at);
      insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
      values (asked ->> 'source', 'coupon', asked ->> 'external_id', claim_coupon.customer, offered.id)
      on conflict (source, kind, external_id) do nothing;
      if not found then
        raise exception 'The number was used by another customer meanwhile.' using errcode = 'serialization_failure';
      end if;
      return jsonb_build_object('answer', 'accepted', 'id', offered.id);
    end if;
  elsif refused is null then
    select * into said
    from ops.issue_coupons(
      template.id, array[claim_coupon.customer], asked ->> 'source', array[asked ->> 'external_id'], claim_coupon.at,
      jsonb_build_object('claimed', true, 'code', free.code)
    );
    return jsonb_build_object(
      'answer', case when said.refusal is null then 'accepted' else 'refused' end,
      'id', said.coupon_id,
      'refusal', said.refusal
    );
  end if;

  insert into app.coupon_refusals (customer_id, template_id, coupon_id, source, external_id, asked, refusal, asked_at)
  values (claim_coupon.customer, template.id, offered.id, asked ->> 'source', asked ->> 'external_id', 'claim', refused, claim_coupon.at);
  insert into app.fact_keys (source, kind, external_id, customer_id, fact_id, answer)
  values (
    asked ->> 'source', 'coupon', asked ->> 'external_id', claim_coupon.customer, nextval('app.coupons_id_seq'),
    jsonb_build_object('refusal', refused)
  )
  on conflict (source, kind, external_id) do nothing;
  return jsonb_build_object('answer', 'refused', 'refusal', refused);
end;
$$;

comment on function ops.claim_coupon(bigint, jsonb, timestamptz) is
  'A customer asks for a coupon: {source, external_id, template or code}. One that was offered to them, or a new one. Answer accepted, replayed or refused, with id or refusal; both are kept for ever.';
