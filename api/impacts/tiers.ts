/**
 * What a tier would do: how many customers meet what each tier asks to enter, before and after, and who would be asked into
 * another one. The counting is ops.tier_reach's; the rest is adding up.
 */
import { sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Impact, Pair, Row } from '../contract.ts';
import { dayIn, readProgramme } from '../programme.ts';
import { FACTS, segmentFacts } from '../segment-rules.ts';
import { visibleCustomers } from '../visible-customers.ts';

/** Bases of which nothing is counted yet. */
const UNKNOWN = ['referrals', 'invitation'];
const NONE: Pair = ['未达到任何等级', 'No tier'];

/** Customers who reach the same tiers; null: none. */
interface Group {
  was: number | null;
  becomes: number | null;
  customers: number;
}
type Line = Impact['lines'][number];

export async function impact(
  deps: Deps,
  { id, values, caller }: { id: number | null; values: Row; caller: Caller },
): Promise<Impact> {
  const started = performance.now();
  const { time_zone } = await readProgramme(deps.db);
  const today = dayIn(time_zone, new Date());
  const changed = JSON.stringify({ ...values, id });
  const seen = await visibleCustomers(deps, caller);
  const customer_id = sql.ref(`${FACTS}.customer_id`);
  const groups = await deps.db
    .selectFrom(segmentFacts(today))
    .leftJoin(reach(null, today).as('before'), (join) => join.on(sql`before.customer_id`, '=', customer_id))
    .leftJoin(reach(changed, today).as('after'), (join) => join.on(sql`after.customer_id`, '=', customer_id))
    .select((eb) => [
      sql<number | null>`before.rank`.as('was'),
      sql<number | null>`after.rank`.as('becomes'),
      eb.fn.countAll<number>().as('customers'),
    ])
    .where(seen.condition)
    .groupBy(sql`1, 2`)
    .execute();
  const tiers = await readTiers(deps, { id, values });
  return {
    lines: [...seen.lines, ...moveLines(groups, today), ...noteLines(tiers)],
    tables: [sizes(groups, tiers), moves(groups, tiers)],
    took_ms: Math.round(performance.now() - started),
  };
}

function reach(changed: string | null, today: string) {
  return sql<{ customer_id: number; rank: number }>`(
    select tier_reach.customer_id, tier_reach.rank
    from ops.tier_reach(${changed}::jsonb, ${today}::date) as tier_reach
  )`;
}

interface Tier {
  rank: number;
  name: Pair;
  bases: readonly string[];
}

/** By rank, the highest first: as they are stored, and the one that is being changed as it would be, beside them. */
async function readTiers({ db }: Deps, { id, values }: { id: number | null; values: Row }): Promise<Tier[]> {
  const rows = await db
    .selectFrom('app.tiers')
    .select(['id', 'rank', 'name', 'name_en', 'basis', 'criteria'])
    .where('status', '=', 'active')
    .execute();
  const given = { ...values, id } as unknown as (typeof rows)[number];
  const byRank = new Map<number, Tier>();
  for (const row of [...rows, ...(values.status === 'active' ? [given] : [])])
    byRank.set(Number(row.rank), {
      rank: Number(row.rank),
      name: [String(row.name ?? '–'), String(row.name_en ?? '–')],
      bases: [row.basis, ...((row.criteria ?? []) as unknown as { basis: string }[]).map((each) => each.basis)],
    });
  return [...byRank.values()].sort((a, b) => b.rank - a.rank);
}

function moveLines(groups: readonly Group[], today: string): Line[] {
  const total = sumOf(groups);
  const up = sumOf(groups.filter(({ was, becomes }) => (becomes ?? -1) > (was ?? -1)));
  const down = sumOf(groups.filter(({ was, becomes }) => (becomes ?? -1) < (was ?? -1)));
  const text: Pair =
    up + down === 0
      ? [
          `截至 ${today}，${grouped(total)} 位客户达到的等级都不变`,
          `As of ${today}, none of ${grouped(total)} customers reaches another tier`,
        ]
      : [
          `截至 ${today}，${grouped(total)} 位客户中有 ${grouped(up + down)} 位达到的等级会变：${grouped(up)} 位升高，${grouped(down)} 位降低`,
          `As of ${today}, ${grouped(up + down)} of ${grouped(total)} customers reach another tier: ${grouped(up)} a higher, ${grouped(down)} a lower one`,
        ];
  return [{ text, tone: up + down === 0 ? 'good' : (up + down) * 5 > total ? 'warning' : 'info' }];
}

function noteLines(tiers: readonly Tier[]): Line[] {
  const lines: Line[] = [
    {
      text: [
        '按升级门槛测算；已在等级内的客户何时降级，另看保级条件与有效期',
        'By what it takes to enter; when those who are in a tier leave it depends on what it takes to stay',
      ],
      tone: 'info',
    },
  ];
  if (tiers.some(({ bases }) => bases.some((basis) => UNKNOWN.includes(basis))))
    lines.push({
      text: [
        '转介绍人数与邀请未计入，实际达到的客户可能更多',
        'Referrals and invitations are not counted; more customers may qualify',
      ],
      tone: 'warning',
    });
  return lines;
}

function sizes(groups: readonly Group[], tiers: readonly Tier[]): Impact['tables'][number] {
  const row = (name: Pair, rank: number | null) => {
    const was = sumOf(groups.filter((group) => group.was === rank));
    const becomes = sumOf(groups.filter((group) => group.becomes === rank));
    return { tier: name, was, becomes };
  };
  const none = row(NONE, null);
  return {
    title: ['达到的最高等级', 'The highest tier they reach'],
    columns: [
      { name: 'tier', label: ['等级', 'Tier'], unit: 'text' },
      { name: 'was', label: ['现在', 'Now'], unit: 'count' },
      { name: 'becomes', label: ['保存后', 'Once saved'], unit: 'count' },
    ],
    rows: [...tiers.map(({ name, rank }) => row(name, rank)), ...(none.was + none.becomes > 0 ? [none] : [])],
  };
}

function moves(groups: readonly Group[], tiers: readonly Tier[]): Impact['tables'][number] {
  const nameOf = (rank: number | null): Pair => tiers.find((tier) => tier.rank === rank)?.name ?? NONE;
  return {
    title: ['谁会变动', 'Who moves'],
    columns: [
      { name: 'from', label: ['现在', 'From'], unit: 'text' },
      { name: 'to', label: ['保存后', 'To'], unit: 'text' },
      { name: 'customers', label: ['客户数', 'Customers'], unit: 'count' },
    ],
    rows: groups
      .filter(({ was, becomes }) => was !== becomes)
      .sort((a, b) => b.customers - a.customers)
      .map(({ was, becomes, customers }) => ({ from: nameOf(was), to: nameOf(becomes), customers })),
  };
}

const sumOf = (groups: readonly Group[]): number => groups.reduce((sum, group) => sum + Number(group.customers), 0);

const grouped = (count: number): string => count.toLocaleString('en-US');
