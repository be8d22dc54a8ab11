/** Every setting of a task and of its steps, flipped once, changes what becomes of somebody. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';
import { publishRules, RULES_S1 } from './segments.ts';
import { type StepOf, tasksOf } from './tasks.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let k: ReturnType<typeof tasksOf>;
const ids: { [name: string]: number } = {};

beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  k = tasksOf(t);
  ids.coupon = await k.template({ code: 'flip_one' });
  ids.other = await k.template({ code: 'flip_two' });
  ids.tier = await p.tier({ code: 'flip_gold', rank: 40, criteria: [] });
  await t.db.updateTable('app.earn_rules').set({ status: 'retired' }).execute();
  const title = await t.db
    .insertInto('app.titles')
    .values({ code: 'flip', name: 'f', name_en: 'f' })
    .returning('id')
    .executeTakeFirstOrThrow();
  ids.title = title.id;
  const pack = await t.db
    .insertInto('app.benefit_packages')
    .values({ code: 'flip', name: 'f', name_en: 'f', status: 'active', grant_kind: 'manual' } as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  ids.package = pack.id;
  await sql`select ops.keep_package_version(${pack.id}::bigint, 0, '-infinity')`.execute(t.db);
  await publishRules(t, 'flip', RULES_S1.net);
  const segment = await sql<{ id: number }>`select id from base.segments order by id limit 1`.execute(t.db);
  ids.segment = segment.rows[0]!.id;
});
afterAll(() => t.close());

/** Somebody orders on the 1st, 3rd and 20th (the 3rd comes back), checks in on the 4th, 5th and 6th, shares on the 7th. */
async function outcome(values: object, steps: StepOf[]): Promise<string[]> {
  await sql`select ops.keep_version('tasks', tasks.id, 0, null, '-infinity') from app.tasks`.execute(t.db);
  const task = await k.task({ code: `flip_${++made}`, trigger: 'first_order', ...values, steps });
  const customer = await p.customer();
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  const back = await p.order(customer, { at: '2025-03-03', amount: '40' });
  await p.order(customer, { at: '2025-03-20', amount: '60' });
  for (const at of ['2025-03-04', '2025-03-05', '2025-03-06']) await p.event(customer, { at, kind: 'check_in' });
  await p.event(customer, { at: '2025-03-07', kind: 'share' });
  await p.refund(back, { at: '2025-03-08', amount: '40' });
  await t.db
    .updateTable('app.orders')
    .set({ returned_amount: '40' })
    .where('customer_id', '=', customer)
    .where('id', '=', back.id)
    .execute();
  await k.work();
  const grants = await t.db
    .selectFrom('app.task_grants')
    .select(['kind', 'thing_id', 'points', 'state', 'refusal'])
    .where('customer_id', '=', customer)
    .where('task_id', '=', task.id)
    .orderBy('id')
    .execute();
  const codes = await t.db
    .selectFrom('app.task_progress')
    .select('trigger_kind')
    .where('customer_id', '=', customer)
    .execute();
  return [
    ...(await k.reached(customer, task)),
    ...grants.map((each) => Object.values(each).join(' ')),
    ...codes.map((each) => each.trigger_kind),
    String(await k.state(customer, task)),
  ];
}
let made = 0;

const STEP: StepOf = { goal: 'orders', target: 1, points: 10 };
const SPENT: StepOf = { goal: 'spend', target: 30, points: 10 };
const DAYS: StepOf = { goal: 'days', event_kind: 'check_in', target: 2, points: 10 };

/** Of each setting: the task and steps without it, and with it. */
const FLIPS: { [setting: string]: () => [[object, StepOf[]], [object, StepOf[]]] } = {
  status: () => [
    [{}, [STEP]],
    [{ status: 'paused' }, [STEP]],
  ],
  trigger: () => [
    [{}, [STEP]],
    [{ trigger: 'always' }, [STEP]],
  ],
  trigger_event: () => [
    [{ trigger: 'event', trigger_event: 'check_in' }, [DAYS]],
    [{ trigger: 'event', trigger_event: 'share' }, [DAYS]],
  ],
  trigger_segments: () => [
    [{}, [STEP]],
    [{ trigger: 'segment_entry', trigger_segments: [ids.segment] }, [STEP]],
  ],
  limit_hours: () => [
    [{}, [STEP]],
    [{ limit_hours: 24 }, [STEP]],
  ],
  tiers: () => [
    [{}, [STEP]],
    [{ tiers: [ids.tier] }, [STEP]],
  ],
  segments: () => [
    [{}, [STEP]],
    [{ segments: [ids.segment] }, [STEP]],
  ],
  starts_at: () => [
    [{}, [STEP]],
    [{ starts_at: '2025-03-02 00:00+08' }, [STEP]],
  ],
  ends_at: () => [
    [{}, [STEP]],
    [{ ends_at: '2025-03-10 00:00+08' }, [STEP]],
  ],
  repeats: () => [
    [{ trigger: 'always' }, [STEP]],
    [{ trigger: 'always', repeats: 'period', repeat_period: 'day' }, [STEP]],
  ],
  repeat_period: () => [
    [{ trigger: 'always', repeats: 'period', repeat_period: 'day' }, [STEP]],
    [{ trigger: 'always', repeats: 'period', repeat_period: 'month' }, [STEP]],
  ],
  step_order: () => [
    [{}, [SPENT, DAYS]],
    [{ step_order: 'in_order' }, [SPENT, DAYS]],
  ],
  take_back: () => [
    [{}, [STEP]],
    [{ take_back: false }, [STEP]],
  ],
  goal: () => [
    [{}, [STEP]],
    [{}, [{ ...STEP, goal: 'friends' }]],
  ],
  event_kind: () => [
    [{}, [DAYS]],
    [{}, [{ ...DAYS, event_kind: 'share' }]],
  ],
  target: () => [
    [{}, [STEP]],
    [{}, [{ ...STEP, target: 2 }]],
  ],
  min_amount: () => [
    [{}, [STEP]],
    [{}, [{ ...STEP, min_amount: '70' }]],
  ],
  within_hours: () => [
    [{}, [STEP]],
    [{}, [{ ...STEP, within_hours: 24 }]],
  ],
  times: () => [
    [{ take_back: false }, [STEP]],
    [{ take_back: false }, [{ ...STEP, times: 2 }]],
  ],
  coupon_template_id: () => [
    [{}, [{ ...STEP, coupon_template_id: ids.coupon }]],
    [{}, [{ ...STEP, coupon_template_id: ids.other }]],
  ],
  points: () => [
    [{}, [STEP]],
    [{}, [{ ...STEP, points: 11 }]],
  ],
  package_id: () => [
    [{}, [STEP]],
    [{}, [{ ...STEP, package_id: ids.package }]],
  ],
  title_id: () => [
    [{}, [STEP]],
    [{}, [{ ...STEP, title_id: ids.title }]],
  ],
};

describe('a setting', () => {
  for (const [setting, flip] of Object.entries(FLIPS)) {
    test(setting, async () => {
      const [before, after] = flip();
      expect(await outcome(...before)).not.toEqual(await outcome(...after));
    });
  }
});

test('every column that staff set is flipped above, or told elsewhere', async () => {
  const { rows } = await sql<{ name: string }>`
    select attname as name
    from pg_attribute
    where attrelid in ('app.tasks'::regclass, 'app.task_steps'::regclass) and attnum > 0 and not attisdropped
  `.execute(t.owner);
  const elsewhere = [
    ...['id', 'task_id', 'position', 'code', 'name', 'name_en', 'description', 'version', 'created_at', 'updated_at'],
    // A condition, what shops are told, and budgets: test/api/tasks.test.ts.
    ...['customer_condition', 'visible', 'budget_id', 'cost_kind'],
  ];
  const told = new Set([...Object.keys(FLIPS), ...elsewhere]);
  expect(rows.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
});
