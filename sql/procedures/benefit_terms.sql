-- What it costs and who does it is as it is now; whose it is was promised when it was opened.
create function ops.benefit_terms(benefits bigint[], opened_by bigint[], moments timestamptz[])
returns table (
  place bigint,
  version_id bigint,
  fulfilment text,
  at_once boolean,
  owner_role text,
  handle_hours integer,
  unit_cost numeric,
  budget_id bigint,
  cost_kind text,
  code_pattern text
)
language sql
stable
begin atomic
  with versions as materialized (
    select benefit_versions.*
    from base.benefit_versions
    where benefit_versions.benefit_id = any (benefit_terms.benefits)
  )

  select distinct on (uses.place)
    uses.place,
    versions.version_id,
    versions.fulfilment,
    -- Where the pool has no code left the coupon waits for one; the use is done.
    versions.fulfilment in ('automatic', 'code'),
    case when versions.fulfilment = 'manual' then versions.owner_role else 'operator' end,
    case when versions.fulfilment = 'manual' then versions.handle_hours else 24 end,
    versions.unit_cost,
    versions.budget_id,
    versions.cost_kind,
    case when coupon_templates.code_mode = 'generated' then coupon_templates.code_pattern end
  from unnest(benefit_terms.benefits, opened_by, moments) with ordinality as uses (benefit_id, version_id, at_time, place)
  inner join versions
    on versions.benefit_id = uses.benefit_id
    and (
      versions.version_id = uses.version_id
      or (
        versions.effective_from_at <= uses.at_time
        and coalesce(versions.effective_until_at > uses.at_time, true)
        and versions.status = 'active'
      )
    )
  left join app.coupon_templates
    on coupon_templates.id = versions.coupon_template_id
  order by
    uses.place,
    versions.effective_from_at desc;
end;

comment on function ops.benefit_terms(bigint[], bigint[], timestamptz[]) is
  'How uses are done and paid for, each at its moment: by the version in force, or the one it was opened by where the benefit is not
in use any more. at_once: nobody has to do anything.';
