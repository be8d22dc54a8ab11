/** A package that a task gave is taken back as far as it is unused: its grant ends, what was used stays, and it goes on where it is earned again. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { useBenefit } from '../../api/engine/benefits.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { benefitProgramme } from './benefits.ts';
import { programme } from './points.ts';
import { tasksOf } from './tasks.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let b: ReturnType<typeof benefitProgramme>;
let k: ReturnType<typeof tasksOf>;
let wash: number;
let card: number;
let number = 0;
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  b = benefitProgramme(t);
  k = tasksOf(t);
  await t.db.updateTable('app.earn_rules').set({ status: 'retired' }).execute();
  await sql`select ops.keep_version('earn_rules', id, 0, null, '-infinity') from app.earn_rules`.execute(t.db);
  wash = await b.benefit({ by_package_only: true });
  card = await b.package([[wash, 3]], { grant_kind: 'manual', period: 'year', remind_days: 30 });
});
beforeEach(async () => {
  await t.db.updateTable('app.tasks').set({ status: 'retired' }).execute();
  await sql`select ops.keep_version('tasks', tasks.id, 0, null, '-infinity') from app.tasks`.execute(t.db);
});
afterAll(() => t?.close());

/** Two orders earn it; the second one can be returned. */
async function earned(package_id = card) {
  const steps = [{ goal: 'orders', target: 2, min_amount: '50', package_id }];
  const task = await k.task({ code: `gives_card_${++number}`, steps });
  const customer = await p.customer();
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  const order = await p.order(customer, { at: '2025-03-02', amount: '100' });
  await k.work();
  return { task, customer, order };
}
async function returned({ order, customer }: { order: { id: number; external_id: string }; customer: number }) {
  await p.refund({ ...order, customer }, { at: '2025-03-09', amount: '100' });
  await t.db
    .updateTable('app.orders')
    .set({ returned_amount: '100' })
    .where('customer_id', '=', customer)
    .where('id', '=', order.id)
    .execute();
}
const use = (customer_id: number, on: string, reserve = false) =>
  t.db.transaction().execute((trx) =>
    useBenefit(trx, b.deps, {
      customer_id,
      asked: {
        ...{ source: 'test', external_id: `u${++number}`, benefit_id: wash, note: null },
        ...{ reserve, used_at: `${on} 12:00+08` },
      },
    }),
  );
const taken = async (customer: number) =>
  (
    await sql<{ state: string; used_count: number | null }>`
      select state, used_count from app.task_grants where customer_id = ${customer} order by id`.execute(t.db)
  ).rows.map(({ state, used_count }) => `${state} ${used_count ?? '-'}`);
const held = async (customer: number) =>
  (
    await sql<{ held: string }>`
      select concat_ws(' ', used, coalesce(to_char(ended_at at time zone 'Asia/Shanghai', 'MM-DD'), 'on')) as held
      from base.benefit_grants where customer_id = ${customer} order by id`.execute(t.db)
  ).rows.map((row) => row.held);

test('what is left of it ends with the step, what was used stays and is said; again it changes nothing', async () => {
  const had = await earned();
  expect(await b.quotas(had.customer, wash)).toEqual(['2030-01-01..2031-01-01 3+0 -0']);
  expect(await use(had.customer, '2030-01-10')).toMatchObject({ answer: 'accepted' });
  await returned(had);
  await k.work('2030-02-01 00:00+08');
  expect(await taken(had.customer)).toEqual(['taken_back 1']);
  expect(await held(had.customer)).toEqual(['1 02-01']);
  expect(await b.quotas(had.customer, wash)).toEqual(['2030-01-01..2030-02-01 3+0 -1']);
  expect(await use(had.customer, '2030-02-02')).toMatchObject({ answer: 'refused', reason: 'not_eligible' });
  // Told late, but it was theirs then.
  expect(await use(had.customer, '2030-01-31')).toMatchObject({ answer: 'accepted' });

  await k.review([had.customer], '2030-02-03 00:00+08');
  await b.day('2030-02-04');
  await b.day('2030-12-15');
  expect(await taken(had.customer)).toEqual(['taken_back 1']);
  expect(await held(had.customer)).toEqual(['2 02-01']);
  expect(await b.quotas(had.customer, wash)).toEqual(['2030-01-01..2030-02-01 3+0 -2']);
  const told = await t.db.selectFrom('app.benefit_reminders').select('id').where('customer_id', '=', had.customer);
  expect(await told.execute()).toEqual([]);
});

test('the customer’s course says that it was taken back and what stays, not that it lapsed', async () => {
  const had = await earned();
  await use(had.customer, '2030-01-10');
  await returned(had);
  await k.work('2030-02-01 00:00+08');
  const { rows } = await sql<{ kind: string; step: string; data: { grants?: { used?: number }[] } }>`
    select kind, data ->> 'step' as step, data
    from ops.customer_timeline(${had.customer}, array['benefit', 'task'], null, null, 50)`.execute(t.db);
  expect(rows.map(({ kind, step }) => `${kind} ${step}`).sort()).toEqual(
    ['benefit ended', 'benefit granted', 'benefit used', 'task reached', 'task taken'].sort(),
  );
  expect(rows.find(({ step }) => step === 'taken')!.data.grants).toMatchObject([{ state: 'taken_back', used: 1 }]);
});

test('earned again it goes on with what is left, and nobody has more than one card gives', async () => {
  const had = await earned();
  for (const on of ['2030-01-10', '2030-01-11']) await use(had.customer, on);
  await returned(had);
  await k.work('2030-02-01 00:00+08');
  await p.order(had.customer, { at: '2025-03-12', amount: '100' });
  await k.work('2030-03-01 00:00+08');
  expect(await taken(had.customer)).toEqual(['taken_back 2', 'given -']);
  expect(await held(had.customer)).toEqual(['2 on']);
  expect(await use(had.customer, '2030-03-02')).toMatchObject({ answer: 'accepted' });
  expect(await use(had.customer, '2030-03-03')).toMatchObject({ answer: 'refused', reason: 'quota_used_up' });
});

test('another task that would have given the same card has it from then on, and takes it back in its turn', async () => {
  const steps = [{ goal: 'orders', target: 1, min_amount: '50', package_id: card }];
  const other = await k.task({ code: `gives_card_${++number}`, steps });
  const { customer, order, task } = await earned();
  const first = () => t.db.selectFrom('app.orders').selectAll().where('customer_id', '=', customer).orderBy('id');
  const states = async () => [await k.grants(customer, other), await k.grants(customer, task)].flat();
  expect((await states()).sort()).toEqual(['package given', 'package refused duplicate']);
  // Whichever holds it: the task of two orders is lost first.
  await sql`update app.task_grants set
      state = case task_id when ${task.id} then 'given' else 'refused' end,
      refusal = case task_id when ${task.id} then null else 'duplicate' end,
      given_id = case task_id when ${task.id} then (select id from app.benefit_grants where customer_id = ${customer}) end
    where customer_id = ${customer}`.execute(t.owner);
  await returned({ customer, order });
  await k.work('2030-02-01 00:00+08');
  expect(await states()).toEqual(['package given', 'package taken_back']);
  expect(await held(customer)).toEqual(['0 on']);
  const { id, external_id } = await first().executeTakeFirstOrThrow();
  await returned({ customer, order: { id, external_id } });
  await k.work('2030-03-01 00:00+08');
  expect(await states()).toEqual(['package taken_back', 'package taken_back']);
  expect(await held(customer)).toEqual(['0 03-01']);
});

test('where its time is over it is kept', async () => {
  const over = await earned();
  await returned(over);
  await k.work('2031-01-01 00:00+08');
  expect(await taken(over.customer)).toEqual(['kept 0']);
});

test('where nothing is left it is kept', async () => {
  const all = await earned();
  for (const on of ['2030-01-10', '2030-01-11']) await use(all.customer, on);
  const { id } = await use(all.customer, '2030-01-12', true);
  await returned(all);
  await k.work('2030-02-01 00:00+08');
  expect(await taken(all.customer)).toEqual(['kept 3']);
  expect(await held(all.customer)).toEqual(['2 on']);
  // What was reserved can still be confirmed.
  await sql`select ops.decide_benefit_use(${id}, 'confirm', null, 0, null, '2030-01-12 12:05+08')`.execute(t.db);
  expect(await held(all.customer)).toEqual(['3 on']);
});

test('a reservation outlives it and can be confirmed; cancelled, nothing comes back to use', async () => {
  const had = await earned();
  const [one, other] = [await use(had.customer, '2030-01-10', true), await use(had.customer, '2030-01-10', true)];
  await returned(had);
  await k.work('2030-01-11 00:00+08');
  expect(await taken(had.customer)).toEqual(['taken_back 2']);
  await sql`select ops.decide_benefit_use(${one.id}, 'confirm', null, 0, null, '2030-01-10 12:05+08')`.execute(t.db);
  await sql`select ops.decide_benefit_use(${other.id}, 'cancel', 'x', 0, null, '2030-01-10 12:05+08')`.execute(t.db);
  expect(await b.quotas(had.customer, wash)).toEqual(['2030-01-01..2030-01-11 3+0 -1']);
  expect(await use(had.customer, '2030-01-12')).toMatchObject({ answer: 'refused' });
});

test('one that multiplies points does so until it ends, and for what was ordered meanwhile once it goes on', async () => {
  await p.rule({ code: 'spend', effect: 'per_amount', points: 1, per_amount: '1' });
  const double = await b.benefit({ kind: 'point_multiplier', point_multiplier: '2', by_package_only: true });
  const had = await earned(await b.package([[double, null]], { grant_kind: 'manual', period: 'year' }));
  const of = async ({ id }: { id: number }) => {
    const { rows } = await sql<{ points: number }>`
      select coalesce(sum(case kind when 'earn' then points when 'reverse' then -points end), 0)::integer as points
      from app.points_entries
      where customer_id = ${had.customer} and origin_kind = 'order' and origin_id = ${id} and account = 'points'`.execute(
      t.db,
    );
    return rows[0]?.points;
  };
  const during = await p.order(had.customer, { at: '2030-01-10', amount: '10' });
  await returned(had);
  await k.work('2030-02-01 00:00+08');
  const after = await p.order(had.customer, { at: '2030-02-10', amount: '10' });
  await k.work('2030-02-11 00:00+08');
  expect(await held(had.customer)).toEqual(['0 02-01']);
  expect([await of(during), await of(after)]).toEqual([20, 10]);

  await p.order(had.customer, { at: '2025-03-12', amount: '100' });
  await k.work('2030-03-01 00:00+08');
  await k.work('2030-03-01 00:00+08');
  expect(await held(had.customer)).toEqual(['0 on']);
  expect([await of(during), await of(after)]).toEqual([20, 20]);
});

test('used and taken back at the same moment by many: never more than it gives, and every use is counted or refused', async () => {
  const had = await earned();
  await returned(had);
  await p.work('2030-02-01 00:00+08');
  const uses = Array.from({ length: 8 }, () => use(had.customer, '2030-02-01'));
  const reviews = Array.from({ length: 4 }, () => k.review([had.customer], '2030-02-01 00:00+08'));
  const days = [b.day('2030-02-01')];
  const [answers] = await Promise.all([Promise.all(uses), Promise.all(reviews), Promise.all(days)]);
  const accepted = answers.filter(({ answer }) => answer === 'accepted').length;
  expect(accepted).toBeLessThanOrEqual(3);
  expect(await taken(had.customer)).toEqual([accepted === 3 ? 'kept 3' : `taken_back ${accepted}`]);
  expect(await held(had.customer)).toEqual([accepted === 3 ? '3 on' : `${accepted} 02-01`]);
  expect(await use(had.customer, '2030-02-02')).toMatchObject({ answer: 'refused' });
});
