-- The one way in which coupons come into the world: from shops, tasks, automations, rewards, benefits, staff. Order of locks:
-- customers, the template's parts, budget lines, codes.
create function ops.issue_coupons(
  template bigint, customers bigint[], source text, external_ids text[], at timestamptz, context jsonb default null
)
returns table (
  customer_id bigint,
  external_id text,
  coupon_id bigint,
  refusal text
)
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  zone constant text := (select settings.time_zone from app.settings);
  run constant bigint := nextval('app.coupons_id_seq');
  by_customer constant boolean := coalesce((context ->> 'claimed')::boolean, false);
  terms app.coupon_templates;
  each_cost numeric;
  paid_by bigint;
  of_campaign bigint;
  of_kind text;
  room record;
  wanted integer;
  again integer;
begin
  select * into terms from app.coupon_templates where coupon_templates.id = template;
  if not found then
    raise exception '没有此优惠券 | There is no such coupon' using errcode = 'EG422', column = 'coupon', detail = 'coupon_unknown';
  end if;

  -- Whoever was merged meanwhile is somebody else now.
  insert into app.coupon_asks (run_id, customer_id, place, asked_for, external_id, coupon_id, asked_at)
  select
    run,
    coalesce(people.merged_into_id, people.id),
    given.place,
    given.customer_id,
    given.external_id,
    nextval('app.coupons_id_seq'),
    coalesce(moments.moment::timestamptz, issue_coupons.at)
  from unnest(issue_coupons.customers, issue_coupons.external_ids) with ordinality as given (customer_id, external_id, place)
  inner join app.customers as people
    on people.id = given.customer_id
  left join jsonb_array_elements_text(context -> 'moments') with ordinality as moments (moment, place)
    on moments.place = given.place;

  perform ops.lock_coupon_customers(array(select coupon_asks.customer_id from app.coupon_asks where coupon_asks.run_id = run));

  -- The claim: whose id is taken owns the number; the others were asked before, or are asked for by somebody else right now.
  with claimed as (
    insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
    select
      issue_coupons.source,
      'coupon',
      asks.external_id,
      asks.customer_id,
      asks.coupon_id
    from app.coupon_asks as asks
    where asks.run_id = run
    order by asks.external_id, asks.place
    on conflict (source, kind, external_id) do nothing
    returning fact_keys.fact_id
  )

  update app.coupon_asks
  set mine = true
  from claimed
  where coupon_asks.run_id = run
    and coupon_asks.coupon_id = claimed.fact_id;

  if exists (select from app.coupon_asks where coupon_asks.run_id = run and coupon_asks.mine) then
    -- Limits are laid out once, and again when staff have changed them.
    if terms.total_limit is not null or terms.budget_amount is not null then
      if not exists (
        select
        from app.coupon_shards
        where coupon_shards.template_id = template
        having count(*) > 0
          and greatest(sum(coupon_shards.issued), terms.total_limit) is not distinct from
            greatest(sum(coupon_shards.issued), sum(coupon_shards.capacity))
          and greatest(sum(coupon_shards.cost), terms.budget_amount) is not distinct from
            greatest(sum(coupon_shards.cost), sum(coupon_shards.cost_capacity))
      ) then
        perform ops.lay_out_coupon_shards(template, coalesce((
          select nullif(count(*), 0)::integer
          from app.coupon_shards
          where coupon_shards.template_id = template
        ), 32));
      end if;
    end if;
    perform pg_advisory_xact_lock_shared(hashtextextended('evergreen coupons of ' || template, 0));

    update app.coupon_asks
    set refusal = ops.coupon_issue_refusal(terms, coupon_asks.customer_id, by_customer, coupon_asks.asked_at)
    where coupon_asks.run_id = run
      and coupon_asks.mine;

    -- So many in a calendar period of the programme; those void do not count.
    if terms.per_customer_limit is not null then
      update app.coupon_asks
      set refusal = 'customer_limit_reached'
      from (
        select
          asks.customer_id,
          asks.place,
          row_number() over (partition by asks.customer_id, period.starts_at order by asks.place) + had.coupons as number
        from app.coupon_asks as asks
        cross join lateral (
          select case terms.per_customer_period
            when 'lifetime' then '-infinity'::timestamptz
            else date_trunc(terms.per_customer_period, asks.asked_at at time zone zone) at time zone zone
          end as starts_at
        ) as period
        cross join lateral (
          select count(*) as coupons
          from app.coupons
          where coupons.customer_id = asks.customer_id
            -- Of the few coupons of a customer, never of the many of a template, whatever the planner knows of it.
            and coupons.template_id + 0 = template
            and coupons.status <> 'void'
            and coupons.issued_at >= period.starts_at
        ) as had
        where asks.run_id = run
          and asks.mine
          and asks.refusal is null
      ) as counted
      where coupon_asks.run_id = run
        and coupon_asks.customer_id = counted.customer_id
        and coupon_asks.place = counted.place
        and counted.number > terms.per_customer_limit;
    end if;

    each_cost := ops.coupon_cost(terms);
    of_campaign := ops.coupon_campaign(template, (context ->> 'campaign_id')::bigint);
    paid_by := coalesce(terms.budget_id, (select campaigns.budget_id from app.campaigns where campaigns.id = of_campaign));
    of_kind := coalesce(context ->> 'cost_kind', 'promotion');

    if terms.total_limit is not null or terms.budget_amount is not null then
      select count(*) into wanted from app.coupon_asks where coupon_asks.run_id = run and coupon_asks.mine and coupon_asks.refusal is null;
      if wanted > 0 then
        select * into room from ops.take_coupon_room(template, wanted, each_cost, run);

        update app.coupon_asks
        set
          shard = room.shards[counted.number],
          refusal = case when room.shards[counted.number] is null then room.short end
        from (
          select
            asks.customer_id,
            asks.place,
            row_number() over (order by asks.place) as number
          from app.coupon_asks as asks
          where asks.run_id = run
            and asks.mine
            and asks.refusal is null
        ) as counted
        where coupon_asks.run_id = run
          and coupon_asks.customer_id = counted.customer_id
          and coupon_asks.place = counted.place;
      end if;
    end if;

    if paid_by is not null and each_cost > 0 then
      update app.coupon_asks
      set refusal = answers.reason
      from ops.reserve_budgets((
        select jsonb_agg(
          jsonb_build_object(
            'budget_id', paid_by,
            'customer_id', asks.customer_id,
            'cost_kind', of_kind,
            'amount', each_cost,
            'source_kind', 'coupon',
            'source_key', asks.coupon_id::text,
            'at', asks.asked_at
          )
          order by asks.place
        )
        from app.coupon_asks as asks
        where asks.run_id = run
          and asks.mine
          and asks.refusal is null
      )) as answers
      where coupon_asks.run_id = run
        and coupon_asks.coupon_id::text = answers.source_key
        and not answers.granted;

      perform ops.move_coupon_room(back.changes)
      from (
        select jsonb_agg(jsonb_build_object('template_id', template, 'shard', asks.shard, 'fewer', 1, 'cheaper', each_cost)) as changes
        from app.coupon_asks as asks
        where asks.run_id = run
          and asks.refusal is not null
          and asks.shard is not null
      ) as back
      where back.changes is not null;
    end if;

    if (context ->> 'code') is not null then
      update app.coupon_asks
      set code = context ->> 'code'
      where coupon_asks.run_id = run
        and coupon_asks.mine
        and coupon_asks.refusal is null;

      update app.coupon_codes
      set status = 'taken', coupon_id = asks.coupon_id, taken_at = asks.asked_at
      from app.coupon_asks as asks
      where asks.run_id = run
        and asks.code is not null
        and coupon_codes.code = asks.code;
    elsif terms.code_mode <> 'personal' then
      perform ops.take_coupon_codes(run, terms, issue_coupons.at);
    end if;

    insert into app.coupons (
      customer_id, id, template_id, source, external_id, status, code, issued_at, issued_on, claim_until_at, claimed_at, claimed_on,
      activate_until_at, valid_from_at, valid_until_at, remind_at, campaign_id, budget_id, cost_kind, held_amount, hold_key, shard, note
    )
    select
      asks.customer_id,
      asks.coupon_id,
      template,
      issue_coupons.source,
      asks.external_id,
      stage.status,
      asks.code,
      asks.asked_at,
      (asks.asked_at at time zone zone)::date,
      case when stage.status = 'issued' then coalesce(terms.claim_until_at, case when terms.validity_kind = 'fixed' then terms.valid_until_at end) end,
      case when stage.status <> 'issued' then asks.asked_at end,
      case when stage.status <> 'issued' then (asks.asked_at at time zone zone)::date end,
      case when stage.status = 'inactive' then asks.asked_at + make_interval(hours => terms.activation_days * 24) end,
      case when stage.status = 'claimed' then coalesce(case when terms.validity_kind = 'fixed' then terms.valid_from_at end, asks.asked_at) end,
      case when stage.status = 'claimed' then ops.coupon_ends(terms, asks.asked_at) end,
      case when stage.status = 'claimed' then ops.coupon_ends(terms, asks.asked_at) - make_interval(hours => terms.remind_hours) end,
      of_campaign,
      paid_by,
      of_kind,
      each_cost,
      case when paid_by is not null and each_cost > 0 then asks.coupon_id::text end,
      asks.shard,
      context ->> 'note'
    from app.coupon_asks as asks
    cross join lateral (
      select case
        when terms.distribution in ('claim', 'code') and not by_customer then 'issued'
        when terms.code_mode = 'imported' and asks.code is null then 'waiting'
        when terms.activation = 'event' then 'inactive'
        else 'claimed'
      end as status
    ) as stage
    where asks.run_id = run
      and asks.mine
      and asks.refusal is null
    order by asks.coupon_id;

    insert into app.coupon_refusals (customer_id, id, template_id, source, external_id, asked, refusal, asked_at)
    select
      asks.customer_id,
      nextval('app.coupon_refusals_id_seq'),
      template,
      issue_coupons.source,
      asks.external_id,
      case when by_customer then 'claim' else 'issue' end,
      asks.refusal,
      asks.asked_at
    from app.coupon_asks as asks
    where asks.run_id = run
      and asks.refusal is not null
    order by asks.place;

    -- Row by row to where each is: plans that believe the numbers to be few compare all with all.
    with refused as materialized (
      select
        keys.place,
        asks.refusal
      from app.coupon_asks as asks
      cross join lateral (
        select fact_keys.ctid as place
        from app.fact_keys
        where fact_keys.source = issue_coupons.source
          and fact_keys.kind = 'coupon'
          and fact_keys.external_id = asks.external_id
        limit 1
      ) as keys
      where asks.run_id = run
        and asks.refusal is not null
    )

    update app.fact_keys
    set answer = jsonb_build_object('refusal', refused.refusal)
    from refused
    where fact_keys.ctid = refused.place;

    -- Events that have happened already and happen once in a life count.
    if terms.activation = 'event' then
      perform ops.activate_coupons(array(
        select distinct asks.customer_id
        from app.coupon_asks as asks
        where asks.run_id = run
          and asks.refusal is null
      ), issue_coupons.at);
    end if;
  end if;

  return query
  with done as (
    delete from app.coupon_asks
    where coupon_asks.run_id = run
    returning coupon_asks.*
  )

  select
    done.asked_for,
    done.external_id,
    case when known.answer ->> 'refusal' is null then known.fact_id end,
    known.answer ->> 'refusal'
  from done
  cross join lateral (
    select
      fact_keys.fact_id,
      fact_keys.answer
    from app.fact_keys
    where fact_keys.source = issue_coupons.source
      and fact_keys.kind = 'coupon'
      and fact_keys.external_id = done.external_id
    limit 1
  ) as known
  order by done.place;
end;
$$;

comment on function ops.issue_coupons(bigint, bigint[], text, text[], timestamptz, jsonb) is
  'Gives each customer a coupon of the template under the number beside it: once by (source, external_id), for ever; a refusal is kept and
repeated too. Passes eligibility, limits and the budget gate; a pool without codes gives a coupon that waits for one. context: campaign_id,
cost_kind, note; claimed (the customer asks for it), code (that they bring), moments (one for each, instead of at). Refusals: not_active, not_started, expired, not_offered,
wrong_customer, customer_limit_reached, limit_reached, budget_exhausted, no_budget_line, budget_not_active, outside_budget_period.';
