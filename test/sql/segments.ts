/** Rule sets for tests, and what the snapshots made of them. */
import { pino } from 'pino';
import type { JobDeps } from '../../api/jobs.ts';
import type { SegmentRule } from '../../api/segment-rules.ts';
import type { TestDatabase } from '../database.ts';

export const RULES_S1 = {
  net: rulesOf('net_amount', 'mean_net_amount'),
  gross: rulesOf('gross_amount', 'mean_gross_amount'),
};

export function jobDeps({ config, db, pool, report }: TestDatabase): JobDeps {
  const resources = new Map();
  const definitions = { resources, reads: new Set<string>(), changed: () => {}, fresh: () => undefined };
  return { config, db, pool, report, definitions, resources, log: pino({ level: 'silent' }) };
}

/** A rule set with one published version. @returns the ids of both */
export async function publishRules(
  t: TestDatabase,
  code: string,
  rules: readonly SegmentRule[],
  effective_from = '1990-01-01',
): Promise<{ rule_set_id: number; version_id: number }> {
  const set = await t.db
    .insertInto('app.segment_rule_sets')
    .values({ code, name: code, name_en: code })
    .returning('id')
    .executeTakeFirstOrThrow();
  const version = await t.db
    .insertInto('app.segment_rule_set_versions')
    .values({ rule_set_id: set.id, number: 1, state: 'published', effective_from, rules: JSON.stringify(rules) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { rule_set_id: set.id, version_id: version.id };
}

export async function segmentSizes(
  t: TestDatabase,
  code: string,
  as_of_on: string,
): Promise<{ [segment: string]: number }> {
  const rows = await t.db
    .selectFrom('app.segment_day')
    .innerJoin('app.segment_rule_sets', 'app.segment_rule_sets.id', 'app.segment_day.rule_set_id')
    .select(['segment_code', 'customer_count'])
    .where('code', '=', code)
    .where('as_of_on', '=', as_of_on)
    .execute();
  return Object.fromEntries(rows.map((row) => [row.segment_code, row.customer_count]));
}

function rulesOf(spend: string, mean: string): SegmentRule[] {
  const below = { [spend]: { lt: { $field: mean } } };
  const from = { [spend]: { gte: { $field: mean } } };
  return [
    {
      code: 'new',
      name: '新客',
      name_en: 'New',
      condition: { recency_days: { lte: 7 }, order_count: { eq: 1 }, ...below },
    },
    {
      code: 'active',
      name: '活跃',
      name_en: 'Active',
      condition: { recency_days: { lte: 30 }, order_count: { gte: 2 }, ...from },
    },
    {
      code: 'dormant',
      name: '沉睡',
      name_en: 'Dormant',
      condition: { recency_days: { gt: 60 }, order_count: { gte: 1 }, ...from },
    },
  ];
}
