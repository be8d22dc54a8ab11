/**
 * What an earn rule would do: the engine works the last months of some customers by it and by what holds, and what that comes
 * to is scaled up. A back-test does the same for many more of them, and longer.
 */
import { sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Impact, Pair, Row } from '../contract.ts';
import { bothWays } from '../engine/back-test.ts';
import { rolledBack } from '../engine/rolled-back.ts';
import { saveDraft } from '../engine/trial-drafts.ts';
import { visibleCustomers } from '../visible-customers.ts';

const MONTHS = 3;
/** As many as somebody waits for who is typing. */
const CUSTOMERS = 80;
const LIMITS = { statement_ms: 20_000, lock_ms: 3_000 };

interface Difference {
  drawn: number;
  points_real: number;
  points_draft: number;
  points_more: number;
  points_margin: number | null;
  growth_real: number;
  growth_draft: number;
  growth_more: number;
  growth_margin: number | null;
  gaining: number;
  losing: number;
  moving: number;
  point_value: number | null;
}
type Line = Impact['lines'][number];

export async function impact(
  deps: Deps,
  { id, values, caller }: { id: number | null; values: Row; caller: Caller },
): Promise<Impact> {
  const started = performance.now();
  const took_ms = () => Math.round(performance.now() - started);
  const { lines } = await visibleCustomers(deps, caller);
  // A sum over people whom the reader may not see would tell of them.
  if (lines.length > 0) return { lines: [HIDDEN], tables: [], took_ms: took_ms() };
  const { rows } = await sql<{ customer_id: number; population: number; since_at: string; until_at: string }>`
    select
      recent.customer_id,
      recent.population,
      (window_of.since_on::timestamp at time zone window_of.time_zone)::text as since_at,
      now()::text as until_at
    from (
      select
        settings.time_zone,
        ((now() at time zone settings.time_zone)::date - make_interval(months => ${MONTHS}))::date as since_on
      from app.settings
    ) as window_of
    cross join lateral ops.recent_customers(window_of.since_on, ${CUSTOMERS}) as recent
  `.execute(deps.db);
  const [first] = rows;
  if (!first) return { lines: [NOBODY], tables: [], took_ms: took_ms() };
  const fields = deps.resources.get('earn_rules')!.fields;
  const draft = {
    resource: 'earn_rules',
    id,
    values: Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(fields, name))),
  };
  const found = await rolledBack(deps.db, LIMITS, async (trx) => {
    await sql`savepoint draft`.execute(trx);
    const version = await saveDraft(trx, deps, draft, { caller, at: 'values' });
    await sql`rollback to savepoint draft`.execute(trx);
    const { since_at, until_at } = first;
    const sides = await bothWays(trx, deps, {
      ...{ trial_id: 0, since_at, until_at, versions: [version] },
      customers: rows.map((row) => row.customer_id),
    });
    const difference = await sql<Difference>`
      select
        difference.*,
        (
          select (programme_versions.body ->> 'point_value')::numeric
          from app.programme_versions
          where programme_versions.resource = 'points_policies'
            and programme_versions.effective_from_at <= now()
          order by programme_versions.effective_from_at desc, programme_versions.id desc
          limit 1
        ) * (difference.points_more / ${MONTHS}) as point_value
      from ops.trial_difference(
        ${JSON.stringify(sides.real)}::jsonb, ${JSON.stringify(sides.draft)}::jsonb, ${first.population}::bigint
      ) as difference
    `.execute(trx);
    return asNumbers(difference.rows[0]!);
  });
  return {
    lines: [...lines, ...linesOf(found, Number(first.population))],
    tables: [monthly(found)],
    took_ms: took_ms(),
  };
}

const HIDDEN: Line = {
  text: [
    '您只能查看部分客户，无法测算全部客户的影响',
    'You see some customers only, so the effect on all of them is not shown',
  ],
  tone: 'warning',
};
const NOBODY: Line = {
  text: [`最近 ${MONTHS} 个月没有客户下单或入会，无从测算`, `Nobody ordered or enrolled in the last ${MONTHS} months`],
  tone: 'info',
};

function linesOf(found: Difference, population: number): Line[] {
  const affected = found.gaining + found.losing;
  const changes = found.points_more !== 0 || found.growth_more !== 0 || affected > 0;
  const sample = found.drawn < population;
  const lines: Line[] = [
    {
      text: changes
        ? [
            `若最近 ${MONTHS} 个月就按此规则，约 ${grouped(affected)} 位客户所得不同：${grouped(found.gaining)} 位更多，${grouped(found.losing)} 位更少`,
            `Had it held for the last ${MONTHS} months, about ${grouped(affected)} customers would have got something else: ${grouped(found.gaining)} more, ${grouped(found.losing)} less`,
          ]
        : [
            `若最近 ${MONTHS} 个月就按此规则，所得没有变化`,
            `Had it held for the last ${MONTHS} months, nobody would have got anything else`,
          ],
      tone: changes ? (affected * 2 > population ? 'warning' : 'info') : 'good',
    },
  ];
  if (found.point_value !== null && found.points_more !== 0)
    lines.push({
      text: [
        `每月成本约${found.point_value > 0 ? '增加' : '减少'} ${money(found.point_value)}`,
        `About ${money(found.point_value)} ${found.point_value > 0 ? 'more' : 'less'} cost a month`,
      ],
      tone: found.point_value > 0 ? 'warning' : 'info',
    });
  if (found.moving > 0)
    lines.push({
      text: [
        `约 ${grouped(found.moving)} 位客户的等级会不同`,
        `About ${grouped(found.moving)} customers would be in another tier`,
      ],
      tone: 'info',
    });
  if (sample)
    lines.push({
      text: [
        `按 ${grouped(population)} 位有动态的客户中的 ${grouped(found.drawn)} 位推算；更可靠的结果请用回测`,
        `Worked out from ${grouped(found.drawn)} of ${grouped(population)} customers who did something; a back-test is more reliable`,
      ],
      tone: 'info',
    });
  return lines;
}

function monthly(found: Difference): Impact['tables'][number] {
  const row = (what: Pair, was: number, becomes: number, margin: number | null) => ({
    what,
    was: Math.round(was / MONTHS),
    becomes: Math.round(becomes / MONTHS),
    more: Math.round((becomes - was) / MONTHS),
    margin: margin === null ? null : Math.round(margin / MONTHS),
  });
  return {
    title: ['平均每月', 'A month, on average'],
    columns: [
      { name: 'what', label: ['项目', 'What'], unit: 'text' },
      { name: 'was', label: ['现在', 'Now'], unit: 'count' },
      { name: 'becomes', label: ['改后', 'By it'], unit: 'count' },
      { name: 'more', label: ['差异', 'More'], unit: 'count' },
      { name: 'margin', label: ['误差 ±', 'Off by ±'], unit: 'count' },
    ],
    rows: [
      row(['积分', 'Points'], found.points_real, found.points_draft, found.points_margin),
      row(['成长值', 'Growth value'], found.growth_real, found.growth_draft, found.growth_margin),
    ],
  };
}

function asNumbers(row: Difference): Difference {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === null ? null : Number(value)]),
  ) as unknown as Difference;
}

const grouped = (count: number): string => count.toLocaleString('en-US');
const money = (amount: number): string =>
  Math.abs(amount).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
