/** A programme of earn rules for tests, and facts by hand. */
import { sql } from 'kysely';
import { processFacts } from '../../api/engine/process.ts';
import type { TestDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

let number = 0;

export interface Placed {
  customer: number;
  id: number;
  external_id: string;
}

export async function programme(
  t: TestDatabase,
  policy: { shortfall?: 'go_negative' | 'stop_at_zero' | 'pending_only' } = {},
) {
  await t.db
    .updateTable('app.points_policies')
    .set(policy.shortfall ? policy : { id: 1 })
    .execute();
  await sql`select ops.keep_version('points_policies', 1, 0, (select to_jsonb(points_policies) from app.points_policies), '-infinity')`.execute(
    t.db,
  );
  const deps = { ...jobDeps(t), resources: new Map() };
  const at = (time: string) => (time.includes('T') ? `${time.replace('T', ' ')}+08` : `${time} 12:00+08`);
  return {
    work: (until_at = '2030-01-01 00:00+08', customers?: number) =>
      processFacts(deps, { until_at, ...(customers ? { customers } : {}) }),
    /** A record as it holds from the beginning. */
    async keep(resource: 'earn_rules', id: number): Promise<void> {
      await sql`select ops.keep_version(${resource}, ${id}, 0, (select to_jsonb(earn_rules) from app.earn_rules where id = ${id}), '-infinity')`.execute(
        t.db,
      );
    },
    async customer(): Promise<number> {
      const { id } = await t.db
        .insertInto('app.customers')
        .values({ external_id: `c${++number}`, enrolled_at: '2020-01-01 00:00+08', enrolled_on: '2020-01-01' })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async rule(values: { code: string; [field: string]: unknown }): Promise<number> {
      const { id } = await t.db
        .insertInto('app.earn_rules')
        .values({
          name: values.code,
          name_en: values.code,
          status: 'active',
          ...values,
          condition: values.condition ? JSON.stringify(values.condition) : null,
        } as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      await sql`select ops.keep_version('earn_rules', ${id}, 0, (select to_jsonb(earn_rules) from app.earn_rules where id = ${id}), '-infinity')`.execute(
        t.db,
      );
      return id;
    },
    /** A tier as it holds from the beginning, or from a moment on; by spend in the last 365 days unless said otherwise. */
    async tier(values: { code: string; rank: number; [field: string]: unknown }, from = '-infinity'): Promise<number> {
      const stored = { ...values, ...(values.criteria ? { criteria: JSON.stringify(values.criteria) } : {}) };
      const base = {
        name: values.code,
        name_en: values.code,
        basis: 'spend',
        window_kind: 'rolling',
        window_days: 365,
      };
      const { id } = await t.db
        .insertInto('app.tiers')
        .values({ ...base, ...stored } as never)
        .onConflict((conflict) => conflict.column('code').doUpdateSet(stored as never))
        .returning('id')
        .executeTakeFirstOrThrow();
      await sql`select ops.keep_version('tiers', ${id}, 0, (select to_jsonb(tiers) from app.tiers where id = ${id}), ${from})`.execute(
        t.db,
      );
      return id;
    },
    /** Where a customer has been: "silver 2026-01-05 upgrade", in order. */
    async stays(customer: number): Promise<string[]> {
      const rows = await t.db
        .selectFrom('app.tier_stays')
        .innerJoin('app.tiers', 'app.tiers.id', 'app.tier_stays.tier_id')
        .select([
          'app.tiers.code',
          'app.tier_stays.reason',
          sql<string>`to_char(entered_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`.as('entered_on'),
        ])
        .where('book_id', '=', 0)
        .where('customer_id', '=', customer)
        .orderBy('entered_at')
        .orderBy('app.tier_stays.id')
        .execute();
      return rows.map(({ code, entered_on, reason }) => `${code} ${entered_on} ${reason}`);
    },
    async order(
      customer: number,
      {
        at: time,
        amount,
        channel = 'online',
        external_id = `o${++number}`,
      }: { at: string; amount: string; channel?: string; external_id?: string },
    ): Promise<Placed> {
      const { id } = await t.db
        .insertInto('app.orders')
        .values({
          customer_id: customer,
          source: 'test',
          external_id,
          placed_at: at(time),
          placed_on: time.slice(0, 10),
          amount,
          channel,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { customer, id, external_id };
    },
    async refund(
      order: Placed,
      { at: time, amount, external_id = `r${++number}` }: { at: string; amount: string; external_id?: string },
    ): Promise<void> {
      await t.db
        .insertInto('app.returns')
        .values({
          customer_id: order.customer,
          order_id: order.id,
          source: 'test',
          external_id,
          amount,
          returned_at: at(time),
          returned_on: time.slice(0, 10),
        })
        .execute();
    },
    async event(
      customer: number,
      {
        at: time,
        kind,
        external_id = `e${++number}`,
        ...said
      }: { at: string; kind: string; external_id?: string; rating?: number; order_id?: number },
    ): Promise<Placed> {
      const { id } = await t.db
        .insertInto('app.events')
        .values({
          customer_id: customer,
          occurred_on: time.slice(0, 10),
          source: 'test',
          external_id,
          kind,
          occurred_at: at(time),
          ...said,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { customer, id, external_id };
    },
    async redeem(
      customer: number,
      { at: time, points, external_id = `b${++number}` }: { at: string; points: number; external_id?: string },
    ): Promise<Placed> {
      const { id } = await t.db
        .insertInto('app.redemptions')
        .values({
          customer_id: customer,
          source: 'test',
          external_id,
          points,
          purpose: 'test',
          status: 'confirmed',
          reserved_at: at(time),
          confirmed_at: at(time),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { customer, id, external_id };
    },
    async cancel({ customer, id }: Placed, time: string): Promise<void> {
      await t.db
        .updateTable('app.redemptions')
        .set({ status: 'cancelled', cancelled_at: at(time) })
        .where('customer_id', '=', customer)
        .where('id', '=', id)
        .execute();
    },
    async account(customer: number) {
      return t.db
        .selectFrom('app.points_accounts')
        .select(['pending', 'available', 'reserved', 'spent', 'expired', 'reversed', 'debt', 'written_off', 'growth'])
        .where('book_id', '=', 0)
        .where('customer_id', '=', customer)
        .executeTakeFirst();
    },
  };
}
