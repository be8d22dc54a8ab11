/** Using benefits: the customer is brought up to date, what is theirs is opened, and the use is counted, all in one transaction. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Pair, Row } from '../contract.ts';
import type { DB } from '../schema.ts';
import { clearMatches, writeMatches } from './benefit-day.ts';
import { bringUpToDate } from './redemptions.ts';

type EngineDeps = Pick<Deps, 'db' | 'resources'>;

/** Why a use is refused, for people; nothing else is answered. */
export const REFUSALS: { readonly [reason: string]: Pair } = {
  not_active: ['该权益未在使用中', 'The benefit is not in use'],
  not_started: ['该权益尚未开始', 'The benefit has not started'],
  ended: ['该权益已结束', 'The benefit has ended'],
  not_eligible: ['客户不享有该权益', 'The customer does not have this benefit'],
  condition_not_met: ['客户不满足该权益的条件', 'The customer does not meet the condition of this benefit'],
  occasion_not_now: ['当前不在该权益的使用时机内', 'It is not the occasion of this benefit'],
  quota_used_up: ['本周期次数已用完', 'The uses of this period are used up'],
  period_closed: ['该周期的剩余次数已结转', 'What was left of that period has been carried over'],
  budget_exhausted: ['预算不足', 'The budget has none left'],
  no_budget_line: ['预算中没有客户所在客群的份额', 'The budget has no line for the customer’s segment'],
  budget_not_active: ['预算未生效', 'The budget is not in force'],
  outside_budget_period: ['不在预算的期间内', 'It is outside the period of the budget'],
};

export interface UseAsked {
  source: string;
  external_id: string;
  benefit_id: number;
  reserve: boolean;
  note: string | null;
  /** When it was used; now where it is null. */
  used_at: string | null;
}
export interface UseAnswer {
  answer: 'accepted' | 'replayed' | 'refused';
  id: number | null;
  reason: string | null;
}

/** @returns refused with a reason of REFUSALS; the refusal is kept where the transaction is */
export async function useBenefit(
  trx: Kysely<DB>,
  deps: EngineDeps,
  { customer_id, asked }: { customer_id: number; asked: UseAsked },
): Promise<UseAnswer> {
  const until_at = await bringUpToDate(trx, deps, customer_id);
  const at = asked.used_at ?? until_at;
  await openFor(trx, deps, { customer_id, benefit_id: asked.benefit_id, at });
  const run = sql<number>`pg_current_xact_id()::text::bigint`;
  await trx
    .insertInto('app.benefit_asks')
    .values({
      run_id: run,
      customer_id,
      benefit_id: asked.benefit_id,
      source: asked.source,
      external_id: asked.external_id,
      asked_at: at,
      reserve: asked.reserve,
      note: asked.note,
    })
    .execute();
  await sql`select ops.use_benefits(${run})`.execute(trx);
  const { answer, use_id, reason } = await trx
    .deleteFrom('app.benefit_asks')
    .where('run_id', '=', run)
    .returning(['answer', 'use_id', 'reason'])
    .executeTakeFirstOrThrow();
  await clearMatches(trx);
  const said = answer as UseAnswer['answer'];
  return { answer: said, id: said === 'refused' ? null : use_id, reason };
}

/** @returns null when there is no such use; throws what ops.decide_benefit_use raises */
export async function decideUse(
  trx: Kysely<DB>,
  asked: {
    id: number;
    decision: 'confirm' | 'cancel' | 'done' | 'fail';
    reason?: string | null;
    code?: string | null;
    user_id?: number;
  },
): Promise<{ answer: 'accepted' | 'replayed'; customer_id: number } | null> {
  const { id, decision, reason = null, code = null, user_id = 0 } = asked;
  const { rows } = await sql<{ said: { answer: 'accepted' | 'replayed'; customer_id: number } | null }>`
    select ops.decide_benefit_use(
      ${id}::bigint, ${decision}, ${reason}, ${user_id}::bigint, ${code}, clock_timestamp()
    ) as said
  `.execute(trx);
  return rows[0]!.said;
}

/** What is known of a use, and what is left after it. */
export async function describeUse(trx: Kysely<DB>, id: number): Promise<Row> {
  const row = await trx
    .selectFrom('app.benefit_uses as uses')
    .innerJoin('app.benefits as benefits', 'benefits.id', 'uses.benefit_id')
    .leftJoin('app.benefit_quotas as quotas', (join) =>
      join
        .onRef('quotas.customer_id', '=', 'uses.customer_id')
        .onRef('quotas.benefit_id', '=', 'uses.benefit_id')
        .onRef('quotas.grant_id', '=', 'uses.grant_id')
        .onRef('quotas.period_from', '=', 'uses.period_from'),
    )
    .select([
      'uses.id',
      'uses.source',
      'uses.external_id',
      'uses.customer_id',
      'benefits.code as benefit',
      // What the shop takes off, where the benefit is a discount.
      'benefits.discount_rate',
      'uses.status',
      'uses.code',
      'uses.used_at',
      'uses.reserved_until_at',
      'uses.due_at',
      sql<number | null>`quotas.quota + quotas.carried_over - quotas.used - quotas.reserved`.as('left_uses'),
    ])
    .where('uses.id', '=', id)
    .executeTakeFirstOrThrow();
  return row as unknown as Row;
}

/** Opens what the customer has of a benefit at the moment: nobody who has just come by it waits for the night. */
async function openFor(
  trx: Kysely<DB>,
  { resources }: EngineDeps,
  { customer_id, benefit_id, at }: { customer_id: number; benefit_id: number; at: string },
): Promise<void> {
  const held = await sql<{ condition: unknown; day: string }>`
    select customer_condition as condition, (${at}::timestamptz at time zone settings.time_zone)::date as day
    from base.benefit_versions
    cross join app.settings
    where benefit_id = ${benefit_id}::bigint
      and effective_from_at <= ${at}::timestamptz
      and coalesce(effective_until_at > ${at}::timestamptz, true)
  `.execute(trx);
  const { condition = null, day = null } = held.rows[0] ?? {};
  if (condition !== null && day !== null)
    await writeMatches(trx, { benefit_id, condition, as_of_on: day, customer_id, resources });
  await sql`
    select ops.open_benefit(
      pg_current_xact_id()::text::bigint, ${benefit_id}::bigint, ${at}::timestamptz, array[${customer_id}]::bigint[]
    )
  `.execute(trx);
  await sql`
    select ops.open_grants(held.package_id, ${at}::timestamptz, array[${customer_id}]::bigint[], true)
    from (
      select distinct package_id from app.benefit_grants
      where customer_id = ${customer_id}::bigint and granted_at <= ${at}::timestamptz
    ) as held
  `.execute(trx);
}

/** What the customer may use at this moment, by the code of the benefit. */
export async function benefitsLeft(db: Kysely<DB>, customer_id: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select
      benefits.code as benefit,
      benefits.name,
      benefits.name_en,
      benefits.kind,
      benefits.discount_rate,
      benefit_packages.code as package,
      held.usable_from,
      held.usable_until - 1 as usable_through,
      held.quota,
      held.carried_over,
      held.used,
      held.reserved,
      held.left_uses
    from ops.benefits_left(${customer_id}::bigint, now()) as held
    inner join app.benefits on benefits.id = held.benefit_id
    left join app.benefit_packages on benefit_packages.id = held.package_id
    order by benefits.id, benefit_packages.id nulls first, held.usable_from
  `.execute(db);
  return rows;
}
