/** What each rule came to for one fact, told in order: from the engine's decisions, and for the others from what they ask. */
import { type Kysely, sql } from 'kysely';
import type { Choices, Json, Pair } from '../contract.ts';
import type { TrialOutcome, TrialPart, TrialRule } from '../contract-trials.ts';
import type { DB } from '../schema.ts';
import type { TriedVersion } from './trial-drafts.ts';
import type { TrialFact } from './trial-fact.ts';

/** A row of ops.rule_checks, with the parts of the rule's condition. */
export interface Tried {
  rule_version_id: number;
  rule_id: number;
  body: { [field: string]: Json };
  active: boolean;
  triggered: boolean;
  begun: boolean;
  not_over: boolean;
  on_weekday: boolean;
  in_hours: boolean;
  in_campaign: boolean;
  turned_away: 'not_in_audience' | 'held_out' | null;
  basis_amount: string | null;
  condition: TrialPart[];
}

interface Decision {
  rule_id: number;
  outcome: string;
  points: number;
  detail: {
    raw_points?: string;
    multipliers?: { rule_id: number; factor: number }[];
    tier_factor?: string;
    reason?: Json;
  };
  available_at: string | null;
  expires_at: string | null;
}

/** The engine's decisions about the fact, with when their points come and go. */
export async function readDecisions(trx: Kysely<DB>, fact: TrialFact): Promise<Decision[]> {
  const time = (column: string) =>
    sql<string | null>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const rows = await trx
    .selectFrom('app.decisions')
    .leftJoin('app.points_lots', (join) =>
      join
        .onRef('app.points_lots.book_id', '=', 'app.decisions.book_id')
        .onRef('app.points_lots.customer_id', '=', 'app.decisions.customer_id')
        .onRef('app.points_lots.origin_kind', '=', 'app.decisions.fact_kind')
        .onRef('app.points_lots.origin_id', '=', 'app.decisions.fact_id')
        .onRef('app.points_lots.rule_id', '=', 'app.decisions.rule_id'),
    )
    .distinctOn('app.decisions.rule_id')
    .select([
      'app.decisions.rule_id',
      'app.decisions.outcome',
      'app.decisions.points',
      'app.decisions.detail',
      time('app.points_lots.available_at').as('available_at'),
      time('app.points_lots.expires_at').as('expires_at'),
    ])
    .where('app.decisions.book_id', '=', 0)
    .where('app.decisions.customer_id', '=', fact.customer_id)
    .where('app.decisions.fact_kind', '=', fact.fact_kind)
    .where('app.decisions.fact_id', '=', fact.fact_id)
    .orderBy('app.decisions.rule_id')
    .orderBy('app.decisions.id', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, points: Number(row.points), detail: row.detail as Decision['detail'] }));
}

/** What rules are called, those that are tried among them. */
export async function readNames(trx: Kysely<DB>): Promise<ReadonlyMap<number, Pair>> {
  const rows = await trx.selectFrom('app.earn_rules').select(['id', 'name', 'name_en']).execute();
  return new Map(rows.map(({ id, name, name_en }) => [id, [name, name_en] as const]));
}

export function told(
  tried: readonly Tried[],
  decisions: readonly Decision[],
  {
    names,
    version,
    triggers,
    reasons,
  }: { names: ReadonlyMap<number, Pair>; version: TriedVersion | null; triggers: Choices; reasons: Choices },
): TrialRule[] {
  const nameOf = (id: number): Pair => names.get(id) ?? [`#${id}`, `#${id}`];
  const multiplying = new Set(
    decisions.flatMap(({ detail }) => (detail.multipliers ?? []).map((part) => part.rule_id)),
  );
  const accountsGiven = new Set(
    decisions
      .filter(({ detail }) => !turnsAway(detail.reason))
      .map(({ rule_id }) => tried.find((each) => each.rule_id === rule_id)?.body.account),
  );
  return tried.map((each): TrialRule => {
    const { body, rule_id } = each;
    const decision = decisions.find((one) => one.rule_id === rule_id);
    const checks = checksOf(each, triggers);
    const applies = [...checks, ...each.condition].every((part) => part.met);
    const detail = decision?.detail ?? {};
    const outcome = (): TrialOutcome => {
      if (decision) return decision.outcome as TrialOutcome;
      if (!applies) return 'not_met';
      if (multiplying.has(rule_id)) return 'multiplied';
      return accountsGiven.has(body.account) ? 'outranked' : 'nothing_to_multiply';
    };
    return {
      rule_id,
      name: nameOf(rule_id),
      draft: version?.resource === 'earn_rules' && version.record_id === rule_id,
      account: body.account as TrialRule['account'],
      effect: body.effect as string,
      outcome: outcome(),
      points: decision?.points ?? 0,
      checks,
      condition: each.condition,
      basis_amount: body.effect === 'per_amount' ? each.basis_amount : null,
      per_amount: body.effect === 'per_amount' ? text(body.per_amount) : null,
      rate: body.effect === 'multiply' ? null : Number(body.points),
      raw_points: detail.raw_points ?? null,
      multipliers:
        decision && body.effect !== 'multiply'
          ? (detail.multipliers ?? []).map((part) => ({
              rule_id: part.rule_id,
              name: nameOf(part.rule_id),
              factor: String(part.factor),
            }))
          : body.effect === 'multiply'
            ? [{ rule_id, name: nameOf(rule_id), factor: String(body.factor) }]
            : [],
      tier_factor: detail.tier_factor ?? null,
      caps: {
        per_fact: whole(body.max_per_fact),
        per_day: whole(body.max_per_day),
        per_customer: whole(body.max_per_customer),
      },
      available_at: decision?.available_at ?? null,
      expires_at: decision?.expires_at ?? null,
      reason: reasonWords(detail.reason, reasons),
    };
  });
}

const turnsAway = (reason: Json | undefined) => reason === 'not_in_audience' || reason === 'held_out';

function reasonWords(reason: Json | undefined, reasons: Choices): Pair | null {
  if (reason === null || reason === undefined) return null;
  return reasons[String(reason)] ?? [String(reason), String(reason)];
}

/** Those things that a rule asks which can fail at all: one without hours is not asked about hours. */
function checksOf({ body, ...met }: Tried, triggers: Choices): TrialRule['checks'] {
  const trigger: Pair = triggers[body.trigger as string] ?? [String(body.trigger), String(body.trigger)];
  const checks: TrialRule['checks'] = [
    { key: 'status', text: ['规则已启用', 'The rule is active'], met: met.active },
    {
      key: 'trigger',
      text: [`触发：${trigger[0]}`, trigger[1]],
      met: met.triggered,
    },
  ];
  if (body.starts_at || body.ends_at) {
    checks.push({ key: 'validity', text: validityText(met), met: met.begun && met.not_over });
  }
  const weekdays = (body.weekdays ?? []) as string[];
  if (weekdays.length > 0) checks.push({ key: 'weekdays', text: weekdayText(weekdays), met: met.on_weekday });
  if (body.from_hour !== null || body.until_hour !== null) {
    const span = `${body.from_hour ?? 0}:00–${body.until_hour ?? 24}:00`;
    checks.push({ key: 'hours', text: [`时段 ${span}`, `Between ${span}`], met: met.in_hours });
  }
  if (body.campaign_id) {
    checks.push(
      { key: 'campaign', text: ['所属活动正在进行', 'Its campaign is running'], met: met.in_campaign },
      { key: 'audience', text: AUDIENCE[met.turned_away ?? 'meant'], met: met.turned_away === null },
    );
  }
  if (body.trigger === 'order' && body.scope !== 'all' && body.scope !== null) {
    const names = body.scope === 'categories' ? ((body.categories ?? []) as string[]) : [];
    checks.push({
      key: 'goods',
      text: [
        names.length > 0 ? `含品类：${names.join('、')}` : '含指定商品',
        names.length > 0 ? `Has goods of: ${names.join(', ')}` : 'Has the products named',
      ],
      met: Number(met.basis_amount ?? 0) > 0,
    });
  }
  return checks;
}

const AUDIENCE: { [reason in 'meant' | 'not_in_audience' | 'held_out']: Pair } = {
  meant: ['属于活动受众', 'The campaign is for this customer'],
  not_in_audience: ['不属于活动受众', 'The campaign is not for this customer'],
  held_out: ['在活动的对照组中', 'The campaign leaves this customer out, to compare with'],
};

function validityText({ begun, not_over }: Pick<Tried, 'begun' | 'not_over'>): Pair {
  if (!begun) return ['有效期：尚未开始', 'Validity: not begun yet'];
  return not_over ? ['在有效期内', 'Within its validity'] : ['有效期：已结束', 'Validity: over'];
}

const DAYS_ZH = '一二三四五六日';
const DAYS_EN = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function weekdayText(weekdays: readonly string[]): Pair {
  const at = [...weekdays].sort().map((day) => Number(day) - 1);
  return [`星期${at.map((day) => DAYS_ZH[day]).join('、')}`, `On ${at.map((day) => DAYS_EN[day]).join(', ')}`];
}

const text = (value: Json | undefined) => (value === null || value === undefined ? null : String(value));
const whole = (value: Json | undefined) => (value === null || value === undefined ? null : Number(value));
