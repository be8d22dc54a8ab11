/** Benefits and packages for tests, as they hold from the beginning or from a moment on, and what days make of them. */
import { sql } from 'kysely';
import { benefitDay, type Unit } from '../../api/engine/benefit-day.ts';
import type { TestDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

let number = 0;

export function benefitProgramme(t: TestDatabase) {
  const deps = { ...jobDeps(t), resources: new Map() };
  const unit: Unit = (work) => t.db.transaction().execute(work);
  return {
    deps,
    day: (as_of_on: string) => benefitDay(unit, deps, { as_of_on }),
    async customer(values: { [field: string]: unknown } = {}): Promise<number> {
      const enrolled_on = (values.enrolled_on as string | undefined) ?? '2020-01-01';
      const { id } = await t.db
        .insertInto('app.customers')
        .values({
          external_id: `b${++number}`,
          enrolled_at: `${enrolled_on} 00:00+08`,
          enrolled_on,
          ...values,
        } as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async benefit(values: { [field: string]: unknown } = {}, from = '-infinity'): Promise<number> {
      const code = (values.code as string | undefined) ?? `b${++number}`;
      const stored = {
        ...{ code, name: code, name_en: code, layer: 'basic', kind: 'other', status: 'active' },
        ...values,
        ...(values.customer_condition ? { customer_condition: JSON.stringify(values.customer_condition) } : {}),
      };
      const { id } = await t.db
        .insertInto('app.benefits')
        .values(stored as never)
        .onConflict((conflict) => conflict.column('code').doUpdateSet(values as never))
        .returning('id')
        .executeTakeFirstOrThrow();
      await sql`select ops.keep_benefit_version(${id}, 0, ${from})`.execute(t.db);
      return id;
    },
    async package(
      items: readonly (readonly [benefit: number, quota: number | null])[],
      values: { [field: string]: unknown } = {},
      from = '-infinity',
    ): Promise<number> {
      const code = (values.code as string | undefined) ?? `p${++number}`;
      const { id } = await t.db
        .insertInto('app.benefit_packages')
        .values({ code, name: code, name_en: code, status: 'active', ...values } as never)
        .onConflict((conflict) => conflict.column('code').doUpdateSet(values as never))
        .returning('id')
        .executeTakeFirstOrThrow();
      await t.db.deleteFrom('app.benefit_package_items').where('package_id', '=', id).execute();
      if (items.length > 0)
        await t.db
          .insertInto('app.benefit_package_items')
          .values(items.map(([benefit_id, quota], position) => ({ package_id: id, position, benefit_id, quota })))
          .execute();
      await sql`select ops.keep_package_version(${id}, 0, ${from})`.execute(t.db);
      return id;
    },
    /** In a tier from a day on. */
    async tier(customer_id: number, tier_id: number, from: string, left: string | null = null, reason = 'upgrade') {
      await t.db
        .insertInto('app.tier_stays')
        .values({
          ...{ customer_id, tier_id, reason, fact_kind: 'test', fact_id: 0 },
          entered_at: `${from} 00:00+08`,
          left_at: left && `${left} 00:00+08`,
        })
        .execute();
    },
    /** What is open: "from..until quota+brought used", in order. */
    async quotas(customer_id: number, benefit_id: number): Promise<string[]> {
      const rows = await t.db
        .selectFrom('app.benefit_quotas')
        .select(['usable_from', 'usable_until', 'quota', 'carried_over', 'used', 'reserved'])
        .where('customer_id', '=', customer_id)
        .where('benefit_id', '=', benefit_id)
        .orderBy('usable_from')
        .orderBy('grant_id')
        .execute();
      return rows.map(
        (row) =>
          `${row.usable_from}..${row.usable_until ?? ''} ${row.quota}+${row.carried_over} -${row.used + row.reserved}`,
      );
    },
    async holders(package_id: number): Promise<number[]> {
      const rows = await t.db
        .selectFrom('app.benefit_grants')
        .select('customer_id')
        .where('package_id', '=', package_id)
        .orderBy('period_from')
        .orderBy('customer_id')
        .execute();
      return rows.map((row) => row.customer_id);
    },
  };
}
