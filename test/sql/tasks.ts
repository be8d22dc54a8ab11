/** Tasks for tests, what customers did, and what became of it. */
import { sql } from 'kysely';
import { followUp } from '../../api/engine/follow-ups.ts';
import { processFacts } from '../../api/engine/process.ts';
import { reviewTasks } from '../../api/engine/tasks.ts';
import type { TestDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

export const LATER = '2030-01-01 00:00+08';

export interface StepOf {
  goal: string;
  target?: number;
  [field: string]: unknown;
}

export function tasksOf(t: TestDatabase) {
  const deps = jobDeps(t);
  return {
    deps,
    /** A coupon of so many yuan that everybody may have. */
    async template(values: { code: string; [field: string]: unknown }): Promise<number> {
      const { id } = await t.db
        .insertInto('app.coupon_templates')
        .values({
          name: values.code,
          name_en: values.code,
          kind: 'fixed',
          amount: '20',
          status: 'active',
          valid_for: 3,
          ...values,
        } as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    /** A task with its steps as it holds from the beginning, or from a moment on. @returns the ids of both */
    async task(
      values: { code: string; steps: StepOf[]; [field: string]: unknown },
      from = '-infinity',
    ): Promise<{ id: number; steps: number[] }> {
      const { steps, ...task } = values;
      const { id } = await t.db
        .insertInto('app.tasks')
        .values({ name: task.code, name_en: task.code, status: 'active', trigger: 'always', ...jsonOf(task) } as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      const ids: number[] = [];
      for (const [at, step] of steps.entries()) {
        const made = await t.db
          .insertInto('app.task_steps')
          .values({
            task_id: id,
            position: at + 1,
            name: step.goal,
            name_en: step.goal,
            target: 1,
            times: 1,
            ...step,
          } as never)
          .returning('id')
          .executeTakeFirstOrThrow();
        ids.push(made.id);
      }
      await sql`select ops.keep_task_version(${id}::bigint, 0, ${from}::timestamptz)`.execute(t.db);
      return { id, steps: ids };
    },
    async friend(referrer_code: string, enrolled: string, external_id: string): Promise<number> {
      const { id } = await t.db
        .insertInto('app.customers')
        .values({ external_id, referrer_code, enrolled_at: `${enrolled} 10:00+08`, enrolled_on: enrolled })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async code(customer: number): Promise<string> {
      const row = await t.db
        .selectFrom('app.customers')
        .select('external_id')
        .where('id', '=', customer)
        .executeTakeFirstOrThrow();
      return row.external_id;
    },
    /** Facts are worked in, and followed up, as the product does. */
    async work(at = LATER): Promise<void> {
      await processFacts(deps, { until_at: at });
      // Once more: points that tasks gave are facts too.
      await followUp(deps, { at });
      await processFacts(deps, { until_at: at });
      await followUp(deps, { at });
    },
    async review(customers: number[], at = LATER): Promise<number> {
      return t.db.transaction().execute((trx) => reviewTasks(trx, deps, { customers, at }));
    },
    /** "step 1 turn 2 2025-03-04", those that stand, in order. */
    async reached(customer: number, task: { id: number; steps: number[] }): Promise<string[]> {
      const rows = await t.db
        .selectFrom('app.task_completions')
        .select([
          'step_id',
          'turn',
          'occurrence',
          sql<string>`to_char(completed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`.as('on'),
        ])
        .where('customer_id', '=', customer)
        .where('task_id', '=', task.id)
        .where('state', '=', 'done')
        .orderBy('occurrence')
        .orderBy('completed_at')
        .orderBy('step_id')
        .orderBy('turn')
        .execute();
      return rows.map(
        ({ step_id, turn, occurrence, on }) =>
          `${occurrence === 'once' ? '' : `${occurrence}: `}${task.steps.indexOf(step_id) + 1}.${turn} ${on}`,
      );
    },
    async state(customer: number, task: { id: number }): Promise<string | undefined> {
      const row = await t.db
        .selectFrom('app.task_progress')
        .select('state')
        .where('customer_id', '=', customer)
        .where('task_id', '=', task.id)
        .orderBy('occurrence', 'desc')
        .executeTakeFirst();
      return row?.state;
    },
    /** "coupon given", "points refused budget_exhausted", in the order in which they were noted. */
    async grants(customer: number, task: { id: number }): Promise<string[]> {
      const rows = await t.db
        .selectFrom('app.task_grants')
        .select(['kind', 'state', 'refusal'])
        .where('customer_id', '=', customer)
        .where('task_id', '=', task.id)
        .orderBy('id')
        .execute();
      return rows.map(({ kind, state, refusal }) => [kind, state, refusal].filter(Boolean).join(' '));
    },
    async coupons(customer: number): Promise<string[]> {
      const rows = await t.db
        .selectFrom('app.coupons')
        .select('status')
        .where('customer_id', '=', customer)
        .orderBy('id')
        .execute();
      return rows.map(({ status }) => status);
    },
  };
}

function jsonOf(values: { [field: string]: unknown }): { [field: string]: unknown } {
  const condition = values.customer_condition;
  return condition === undefined ? values : { ...values, customer_condition: JSON.stringify(condition) };
}
