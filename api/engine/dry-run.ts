/**
 * What a made-up fact would bring, and why: the engine's own routines work it in, over the real books, in a transaction that
 * is rolled back. Each rule that held then says what it came to, or which of the things it asks was missing.
 */
import { type Kysely, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Choices, Pair, Row } from '../contract.ts';
import type { DryRun, TrialBalance, TrialDraft, TrialPart } from '../contract-trials.ts';
import { readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { conditionParts } from './condition-parts.ts';
import { openRun, processCustomers, runRounds, settleCustomer } from './process.ts';
import { rolledBack } from './rolled-back.ts';
import { saveDraft, type TriedVersion } from './trial-drafts.ts';
import { makeCustomer, makeOrder, type TrialFact } from './trial-fact.ts';
import { EARNING, makeFact, momentsOf, ownerOf } from './trial-make.ts';
import { lastEntry, readMovements } from './trial-movements.ts';
import { readDecisions, readNames, type Tried, told } from './trial-waterfall.ts';

/** Somebody waits for it, and it holds an account meanwhile. */
const LIMITS = { statement_ms: 15_000, lock_ms: 3_000 };

/**
 * @param fact FACT_FIELDS and WHO_FIELDS, checked; @param draft a rule or tier instead of what is stored
 * @throws Problem 403, 404, 422 naming the field
 */
export async function dryRun(
  deps: Deps,
  { fact, draft }: { fact: Row; draft: TrialDraft | null },
  caller: Caller,
): Promise<DryRun> {
  const started = performance.now();
  const run = await rolledBack(deps.db, LIMITS, (trx) => dryRunWithin(trx, deps, { fact, draft, caller }));
  return { ...run, took_ms: Math.round(performance.now() - started) };
}

/** The same within a transaction that the caller rolls back. */
export async function dryRunWithin(
  trx: Kysely<DB>,
  deps: Deps,
  { fact, draft, caller }: { fact: Row; draft: TrialDraft | null; caller: Caller },
): Promise<Omit<DryRun, 'took_ms'>> {
  const { time_zone } = await readProgramme(deps.db, trx);
  const moments = await momentsOf(trx, fact);
  const { at, until_at, order_at } = moments;
  const kind = fact.kind as string;
  let customer_id = kind === 'sign_up' ? null : await ownerOf(trx, fact);
  if (kind !== 'sign_up' && customer_id === null)
    customer_id = await makeCustomer(trx, fact, { at: order_at ?? at, enrols: false, time_zone });
  if (customer_id !== null) await bringUp(trx, deps, { until_at, customer_id });
  const version = draft && (await holdDraft(trx, deps, { draft, at: order_at ?? at, ahead: moments.ahead, caller }));
  const order =
    order_at !== null ? await makeOrder(trx, fact, { customer_id: customer_id!, at: order_at, time_zone }) : null;
  if (order) await bringUp(trx, deps, { until_at, customer_id: order.customer_id });
  const before: TrialBalance =
    customer_id === null ? { available: 0, pending: 0, debt: 0, growth: 0 } : await balanceOf(trx, customer_id);
  const happened = await makeFact(trx, fact, { customer_id, at, time_zone, order });
  const booked_before = await lastEntry(trx, happened.customer_id);
  const tried = await workIn(trx, deps, { fact: happened, until_at, time_zone });
  await settleCustomer(trx, { until_at, customer_id: happened.customer_id });
  const decisions = await readDecisions(trx, happened);
  const names = await readNames(trx);
  const rules = told(tried.rules, decisions, {
    ...{ names, version },
    triggers: wordsOf(deps, 'earn_rules', 'trigger'),
    reasons: wordsOf(deps, 'decisions', 'reason'),
  });
  const sumOf = (account: 'points' | 'growth') =>
    rules.reduce((sum, rule) => sum + (rule.account === account ? rule.points : 0), 0);
  const after = await balanceOf(trx, happened.customer_id);
  const worth = ({ available, pending, debt }: TrialBalance) => available + pending - debt;
  const earns = EARNING.has(kind);
  return {
    ...tried.moment,
    rules,
    points: earns ? sumOf('points') : worth(after) - worth(before),
    growth: earns ? sumOf('growth') : after.growth - before.growth,
    movements: await readMovements(trx, deps, { customer_id: happened.customer_id, booked_before, names }),
    tier: await tierOf(trx, happened, at),
    balance: { before, after },
  };
}

/** What has happened so far and what falls due are in the books. */
async function bringUp(
  trx: Kysely<DB>,
  deps: Deps,
  { until_at, customer_id }: { until_at: string; customer_id: number },
): Promise<void> {
  await processCustomers(trx, deps, { until_at, only: [customer_id] });
  await settleCustomer(trx, { until_at, customer_id });
}

function wordsOf({ resources }: Pick<Deps, 'resources'>, resource: string, name: string): Choices {
  const field = resources.get(resource)?.fields[name];
  return field?.kind === 'choice' ? field.choices : {};
}

/** The draft holds at the fact. Of facts that came after it nothing is asked: for them a rule is as it was. */
async function holdDraft(
  trx: Kysely<DB>,
  deps: Deps,
  { draft, at, ahead, caller }: { draft: TrialDraft; at: string; ahead: boolean; caller: Caller },
): Promise<TriedVersion> {
  const { rows } = await sql<{ body: unknown }>`
    select programme_versions.body
    from base.programme_versions
    where programme_versions.resource = ${draft.resource}
      and programme_versions.record_id = ${draft.id}::bigint
      and programme_versions.effective_from_at <= ${at}::timestamptz
      and (programme_versions.effective_until_at is null or programme_versions.effective_until_at > ${at}::timestamptz)
  `.execute(trx);
  const version = await saveDraft(trx, deps, draft, { caller, at: 'draft' });
  const hold = (body: unknown, from: string) =>
    sql`select ops.keep_version(
      ${version.resource}, ${version.record_id}::bigint, 0, ${body === null ? null : JSON.stringify(body)}::jsonb, ${from}::timestamptz
    )`.execute(trx);
  await hold(version.body, at);
  if (!ahead && version.resource === 'earn_rules') await hold(rows[0]?.body ?? null, await justAfter(trx, at));
  return version;
}

async function justAfter(trx: Kysely<DB>, at: string): Promise<string> {
  const { rows } = await sql<{ at: string }>`
    select (${at}::timestamptz + interval '1 microsecond')::text as at
  `.execute(trx);
  return rows[0]!.at;
}

/** Works the fact in, and asks every rule at that point what it asks. */
async function workIn(
  trx: Kysely<DB>,
  { resources }: Pick<Deps, 'resources'>,
  { fact, until_at, time_zone }: { fact: TrialFact; until_at: string; time_zone: string },
): Promise<{ rules: Tried[]; moment: Pick<DryRun, 'at' | 'on' | 'hour' | 'weekday'> }> {
  const { customer_id } = fact;
  const run = await openRun(trx);
  const { rows } = await sql<{ rounds: number }>`
    select ops.engine_begin(${run}::bigint, 1, ${`{${customer_id}}`}::bigint[], ${until_at}::timestamptz) as rounds
  `.execute(trx);
  const turn = await trx
    .selectFrom('app.engine_turns')
    .select([
      'round',
      'hour',
      'weekday',
      'occurred_on as on',
      sql<string>`to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`.as('at'),
    ])
    .where('run_id', '=', run)
    .where('fact_kind', '=', fact.fact_kind)
    .where('fact_id', '=', fact.fact_id)
    .executeTakeFirstOrThrow();
  const { round: its_round, ...moment } = turn;
  const rules: Tried[] = [];
  const settled = async (round: number) => {
    if (round !== its_round || !EARNING.has(fact.fact_kind)) return;
    const checks = await sql<Omit<Tried, 'condition'>>`
      select rule_checks.*, rule_checks.basis_amount::text as basis_amount
      from ops.rule_checks(${run}::bigint, ${round}::integer, ${customer_id}::bigint) as rule_checks
    `.execute(trx);
    for (const each of checks.rows) {
      const asked = { run, round, customer_id, time_zone, resources };
      const condition: TrialPart[] = await conditionParts(trx, emptyAsNone(each.body.condition), asked);
      rules.push({ ...each, condition });
    }
  };
  await runRounds(trx, { run, rounds: rows[0]!.rounds, resources, settled });
  await sql`select ops.engine_finish(${run}::bigint)`.execute(trx);
  return { rules, moment };
}

const emptyAsNone = (condition: unknown) =>
  condition !== null && typeof condition === 'object' && Object.keys(condition).length === 0 ? null : condition;

async function balanceOf(trx: Kysely<DB>, customer_id: number): Promise<TrialBalance> {
  const account = await trx
    .selectFrom('app.points_accounts')
    .select(['available', 'pending', 'debt', 'growth'])
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer_id)
    .executeTakeFirst();
  const { available = 0, pending = 0, debt = 0, growth = 0 } = account ?? {};
  return { available: Number(available), pending: Number(pending), debt: Number(debt), growth: Number(growth) };
}

/** The tier that the fact met, and the one that it left the customer in. */
async function tierOf(trx: Kysely<DB>, fact: TrialFact, at: string): Promise<DryRun['tier']> {
  const stays = await trx
    .selectFrom('app.tier_stays')
    .innerJoin('app.tiers', 'app.tiers.id', 'app.tier_stays.tier_id')
    .select([
      'app.tiers.name',
      'app.tiers.name_en',
      sql<boolean>`(tier_stays.fact_kind = ${fact.fact_kind} and tier_stays.fact_id = ${fact.fact_id})`.as('by_it'),
    ])
    .where('app.tier_stays.book_id', '=', 0)
    .where('app.tier_stays.customer_id', '=', fact.customer_id)
    .where('app.tier_stays.entered_at', '<=', at)
    .orderBy('app.tier_stays.entered_at', 'desc')
    .orderBy('app.tier_stays.id', 'desc')
    .execute();
  const state = await trx
    .selectFrom('app.tier_states')
    .select(
      sql<string | null>`to_char(valid_until_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`.as(
        'valid_until_at',
      ),
    )
    .where('book_id', '=', 0)
    .where('customer_id', '=', fact.customer_id)
    .executeTakeFirst();
  const named = (stay: (typeof stays)[number] | undefined): Pair | null => (stay ? [stay.name, stay.name_en] : null);
  return {
    before: named(stays.find((stay) => !stay.by_it)),
    after: named(stays[0]),
    valid_until_at: state?.valid_until_at ?? null,
  };
}
