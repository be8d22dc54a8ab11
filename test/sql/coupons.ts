/** Coupons for tests: templates, customers, codes, and the routines by which everybody gives them. */
import { sql } from 'kysely';
import type { TestDatabase } from '../database.ts';

export interface Issued {
  customer_id: number;
  external_id: string;
  coupon_id: number | null;
  refusal: string | null;
}

export async function coupons(t: TestDatabase) {
  let number = 0;
  const next = () => `${++number}`;

  return {
    /** An active one of a yuan, valid for a day, claimed as it is issued; with whatever else is said. */
    async template(settings: { [name: string]: unknown } = {}): Promise<number> {
      const code = `t${next()}_${process.pid}`;
      const usual = { kind: 'fixed', status: 'active', amount: '1.00', valid_for: 1, stacking: 'stackable' };
      const { id } = await t.owner
        .insertInto('app.coupon_templates')
        .values({ code, name: code, name_en: code, ...usual, ...settings } as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async change(template: number, settings: { [name: string]: unknown }): Promise<void> {
      await t.owner
        .updateTable('app.coupon_templates')
        .set(settings as never)
        .where('id', '=', template)
        .execute();
    },
    async customers(count: number): Promise<number[]> {
      const rows = await t.owner
        .insertInto('app.customers')
        .values(
          Array.from({ length: count }, () => ({
            external_id: `cp-${next()}`,
            enrolled_at: '2020-01-01T00:00:00Z',
            enrolled_on: '2020-01-01',
          })) as never,
        )
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    },
    async issue(
      template: number,
      customers: readonly number[],
      numbers: readonly string[] = customers.map(() => `i-${next()}`),
      { at = new Date().toISOString(), context = null }: { at?: string; context?: object | null } = {},
    ): Promise<Issued[]> {
      const { rows } = await sql<Issued>`
        select customer_id, external_id, coupon_id, refusal
        from ops.issue_coupons(
          ${template}::bigint, ${[...customers]}::bigint[], 'test', ${[...numbers]}::text[], ${at}::timestamptz,
          ${context === null ? null : JSON.stringify(context)}::jsonb
        )`.execute(t.db);
      return rows;
    },
    async voided(...numbers: string[]): Promise<number> {
      const { rows } = await sql<{ count: number }>`
        select ops.void_coupons('test', ${numbers}::text[], 'test', now()) as count`.execute(t.db);
      return rows[0]!.count;
    },
    async codes(template: number, count: number): Promise<void> {
      await t.owner
        .insertInto('app.coupon_codes')
        .values(Array.from({ length: count }, () => ({ template_id: template, code: `CODE-${next()}` })) as never)
        .execute();
    },
    async count(template: number): Promise<number> {
      const { rows } = await sql<{ count: number }>`
        select count(*)::integer as count from app.coupons where template_id = ${template} and status <> 'void'`.execute(
        t.db,
      );
      return rows[0]!.count;
    },
    async of(template: number) {
      const { rows } = await sql<{ id: number; status: string; code: string | null; claimed_at: string }>`
        select id, status, code, claimed_at::text as claimed_at
        from app.coupons where template_id = ${template} order by id`.execute(t.db);
      return rows;
    },
  };
}
