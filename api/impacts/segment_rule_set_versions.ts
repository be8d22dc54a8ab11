/**
 * What a version of a rule set would do: how its segments divide the customers as of its first day (today where it names
 * none), whom no rule takes, which rules overlap or never take anybody, and who moves against the version in force then.
 * One statement groups the customers by the rules they satisfy and the segment they are in now; the rest is adding up.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Impact, Json, Pair, Row } from '../contract.ts';
import { fieldErrors } from '../errors.ts';
import { dayIn, readProgramme } from '../programme.ts';
import {
  momentOf,
  OTHER,
  OTHER_NAME,
  RuleError,
  readRules,
  ruleCondition,
  type SegmentRule,
  segmentCase,
  segmentFacts,
} from '../segment-rules.ts';
import { type VisibleCustomers, visibleCustomers } from '../visible-customers.ts';

/** Customers who satisfy the same rules and are in the same segment now. */
interface Group {
  /** Places of the rules they satisfy, from 0. */
  matches: number[];
  /** Their segment under the version in force; null where none is. */
  now: string | null;
  customers: number;
}
interface Subject {
  rules: readonly SegmentRule[];
  groups: readonly Group[];
  total: number;
}

export async function impact(deps: Deps, { values, caller }: { values: Row; caller: Caller }): Promise<Impact> {
  const started = performance.now();
  const { time_zone } = await readProgramme(deps.db);
  const as_of_on = typeof values.effective_from === 'string' ? values.effective_from : dayIn(time_zone, new Date());
  const rules = readForForm(values.rules, deps);
  const current = await rulesInForce(deps, { rule_set_id: Number(values.rule_set_id), as_of_on });
  const seen = await visibleCustomers(deps, caller);
  const groups = await groupCustomers(deps, { rules, current, as_of_on, time_zone, seen });
  const subject = { rules, groups, total: sumOf(groups) };
  return {
    lines: [
      ...seen.lines,
      ...coverageLines(subject, as_of_on),
      ...ruleLines(subject),
      ...moveLines(subject, current !== null),
    ],
    tables: [sizes(subject), overlaps(subject), ...(current ? [moves(subject, current)] : [])],
    took_ms: Math.round(performance.now() - started),
  };
}

async function groupCustomers(
  deps: Deps,
  asked: {
    rules: readonly SegmentRule[];
    current: readonly SegmentRule[] | null;
    as_of_on: string;
    time_zone: string;
    seen: VisibleCustomers;
  },
): Promise<Group[]> {
  const { rules, current, as_of_on, time_zone, seen } = asked;
  const scope = { resources: deps.resources, moment: momentOf(as_of_on, time_zone) };
  const matches = matchedPlaces(rules.map((rule) => ruleCondition(rule, scope)));
  const now = current ? sql<string | null>`${segmentCase(current, scope)}` : sql<string | null>`null::text`;
  return deps.db
    .with('customers', (db) =>
      db
        .selectFrom(segmentFacts(as_of_on))
        .select([matches.as('matches'), now.as('now')])
        .where(seen.condition),
    )
    .selectFrom('customers')
    .select((eb) => ['matches', 'now', eb.fn.countAll<number>().as('customers')])
    .groupBy(['matches', 'now'])
    .execute();
}

/** The places of the conditions that hold, as an integer[]. */
function matchedPlaces(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<number[]> {
  if (conditions.length === 0) return sql<number[]>`array[]::integer[]`;
  const places = conditions.map((condition, place) => sql`case when ${condition} then ${sql.lit(place)} end`);
  return sql<number[]>`array_remove(array[${sql.join(places)}]::integer[], null)`;
}

async function rulesInForce(
  { db, resources }: Deps,
  { rule_set_id, as_of_on }: { rule_set_id: number; as_of_on: string },
): Promise<SegmentRule[] | null> {
  const version = await db
    .selectFrom('app.segment_rule_set_versions')
    .select('rules')
    .where('rule_set_id', '=', rule_set_id)
    .where('state', '=', 'published')
    .where('effective_from', '<=', as_of_on)
    .where((eb) => eb.or([eb('effective_to', 'is', null), eb('effective_to', '>', as_of_on)]))
    .executeTakeFirst();
  return version ? readRules(version.rules, resources) : null;
}

/** Rules as typed; what is wrong with one is said at its place in the form. */
function readForForm(input: Json | undefined, { resources }: Deps): SegmentRule[] {
  try {
    return readRules(input, resources);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const field = error.index === null ? 'rules' : `rules.${error.index}.${error.field}`;
    throw fieldErrors({ [field]: { key: 'invalid', message: error.pair } });
  }
}

function coverageLines({ groups, total }: Subject, as_of_on: string): Impact['lines'] {
  const uncovered = sumOf(groups.filter((group) => group.matches.length === 0));
  const share = percent(uncovered, total);
  return [
    {
      text: [
        `截至 ${as_of_on} 的 ${grouped(total)} 位客户中，${grouped(total - uncovered)} 位落入规则内的客群`,
        `As of ${as_of_on}, the rules take ${grouped(total - uncovered)} of ${grouped(total)} customers`,
      ],
      tone: 'info',
    },
    ...(uncovered > 0
      ? [
          {
            text: [
              `${grouped(uncovered)} 位（${share}）不满足任何规则，归入“其他”`,
              `${grouped(uncovered)} (${share}) fit no rule and are in "Other"`,
            ] as Pair,
            tone: uncovered * 2 > total ? ('warning' as const) : ('info' as const),
          },
        ]
      : []),
  ];
}

function ruleLines({ rules, groups }: Subject): Impact['lines'] {
  return rules.flatMap((rule, place) => {
    const matching = groups.filter((group) => group.matches.includes(place));
    if (sumOf(matching) === 0) {
      return [line('warning', [`没有客户满足“${rule.name}”的条件`, `Nobody fits "${rule.name_en}"`])];
    }
    if (sumOf(matching.filter((group) => group.matches[0] === place)) === 0) {
      return [
        line('bad', [
          `“${rule.name}”被前面的规则完全遮住：满足它的 ${grouped(sumOf(matching))} 位客户都先命中了其他规则`,
          `"${rule.name_en}" is hidden by the rules above it: all ${grouped(sumOf(matching))} customers who fit it are taken before`,
        ]),
      ];
    }
    return [];
  });
}

function moveLines({ rules, groups, total }: Subject, compared: boolean): Impact['lines'] {
  if (!compared) {
    return [line('info', ['当天没有生效的版本，无法对比变动', 'No version is in force that day to compare with'])];
  }
  const moving = sumOf(groups.filter((group) => group.now !== segmentOf(rules, group)));
  if (moving === 0)
    return [line('good', ['与当前版本相比，没有客户变动客群', 'Nobody moves against the version in force'])];
  return [
    line(moving * 5 > total ? 'warning' : 'info', [
      `与当前版本相比，${grouped(moving)} 位客户（${percent(moving, total)}）将变动客群`,
      `${grouped(moving)} customers (${percent(moving, total)}) move against the version in force`,
    ]),
  ];
}

function sizes({ rules, groups, total }: Subject): Impact['tables'][number] {
  const row = (name: Pair, place: number | null) => {
    const taken = sumOf(groups.filter((group) => (group.matches[0] ?? null) === place));
    const fitting = place === null ? taken : sumOf(groups.filter((group) => group.matches.includes(place)));
    return { segment: name, customers: taken, share: rate(taken, total), fitting };
  };
  return {
    title: ['客群规模', 'Sizes'],
    columns: [
      { name: 'segment', label: ['客群', 'Segment'], unit: 'text' },
      { name: 'customers', label: ['客户数', 'Customers'], unit: 'count' },
      { name: 'share', label: ['占比', 'Share'], unit: 'rate' },
      { name: 'fitting', label: ['满足条件（不计顺序）', 'Fit the condition, order aside'], unit: 'count' },
    ],
    rows: [...rules.map((rule, place) => row([rule.name, rule.name_en], place)), row(OTHER_NAME, null)],
  };
}

function overlaps({ rules, groups }: Subject): Impact['tables'][number] {
  const rows = rules.flatMap((first, one) =>
    rules.slice(one + 1).flatMap((second, after) => {
      const other = one + 1 + after;
      const both = groups.filter((group) => group.matches.includes(one) && group.matches.includes(other));
      const customers = sumOf(both);
      if (customers === 0) return [];
      return [{ first: [first.name, first.name_en] as Pair, second: [second.name, second.name_en] as Pair, customers }];
    }),
  );
  return {
    title: ['重叠：同时满足两条规则', 'Overlaps: customers who fit two rules'],
    columns: [
      { name: 'first', label: ['先匹配', 'Wins'], unit: 'text' },
      { name: 'second', label: ['也满足', 'Also fits'], unit: 'text' },
      { name: 'customers', label: ['客户数', 'Customers'], unit: 'count' },
    ],
    rows: rows.sort((a, b) => b.customers - a.customers),
  };
}

function moves({ rules, groups }: Subject, current: readonly SegmentRule[]): Impact['tables'][number] {
  const counted = new Map<string, { from: string; to: string; customers: number }>();
  for (const group of groups) {
    const from = group.now ?? OTHER;
    const to = segmentOf(rules, group);
    if (from === to) continue;
    const key = `${from} ${to}`;
    counted.set(key, { from, to, customers: (counted.get(key)?.customers ?? 0) + group.customers });
  }
  const rows = [...counted.values()].sort((a, b) => b.customers - a.customers);
  return {
    title: ['客户变动', 'Who moves'],
    columns: [
      { name: 'from', label: ['当前客群', 'From'], unit: 'text' },
      { name: 'to', label: ['新客群', 'To'], unit: 'text' },
      { name: 'customers', label: ['客户数', 'Customers'], unit: 'count' },
    ],
    rows: rows.map(({ from, to, customers }) => ({ from: nameOf(current, from), to: nameOf(rules, to), customers })),
  };
}

function segmentOf(rules: readonly SegmentRule[], { matches }: Group): string {
  const [place] = matches;
  return place === undefined ? OTHER : rules[place]!.code;
}

function nameOf(rules: readonly SegmentRule[], code: string): Pair {
  const rule = rules.find((each) => each.code === code);
  return rule ? [rule.name, rule.name_en] : OTHER_NAME;
}

function line(tone: Impact['lines'][number]['tone'], text: Pair): Impact['lines'][number] {
  return { text, tone };
}

function sumOf(groups: readonly Group[]): number {
  return groups.reduce((sum, group) => sum + group.customers, 0);
}

/** A share as it travels: 0..1 with six digits. */
function rate(part: number, whole: number): string {
  return whole === 0 ? '0' : (part / whole).toFixed(6);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${((100 * part) / whole).toFixed(1)}%`;
}

/** Thousands apart, as the tables beside the sentences show them. */
function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
