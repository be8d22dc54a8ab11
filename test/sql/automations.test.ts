/** Automations: who enters and who does not, each step for everybody who has come to it, waits, branches, ends; once each, whoever asks how often. */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { followUp } from '../../api/engine/follow-ups.ts';
import { processFacts } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { automationProgramme, type Step } from './automations.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof automationProgramme>>;
beforeEach(async () => {
  t = await testDatabase();
  p = await automationProgramme(t);
});
afterEach(() => t.close());

const TAG: Step = { code: 'tag', kind: 'add_tag', tag: '来过' };
const wait = (code: string, days: number): Step => ({ code, kind: 'wait', wait_kind: 'days', wait_days: days });

describe('who enters', () => {
  test('whoever comes into the segment, once', async () => {
    await p.automation([TAG]);
    const [inside, before, never] = [await p.customer(), await p.customer(), await p.customer()];
    await p.stay(inside, 'dormant', '2026-01-10');
    await p.stay(before, 'dormant', '2025-12-01');
    await p.stay(never, 'active', '2026-01-10');
    await p.day('2026-01-09');
    await p.day('2026-01-10');
    await p.day('2026-01-10');
    await p.day('2026-01-11');
    expect(await p.trace(inside)).toEqual(['entry entered', 'tag done', 'end finished']);
    expect([...(await p.runs(before)), ...(await p.runs(never))]).toEqual([]);
  });

  test('whoever was there when it was launched, where it says so; a day that was missed is made up for', async () => {
    await p.automation([TAG], { include_present: true });
    const [before, late] = [await p.customer(), await p.customer()];
    await p.stay(before, 'dormant', '2025-12-01');
    await p.day('2026-01-01');
    await p.stay(late, 'dormant', '2026-01-12');
    await p.day('2026-01-15');
    expect([await p.runs(before), await p.runs(late)].map((runs) => runs.length)).toEqual([1, 1]);
  });

  test('whoever leaves the segment', async () => {
    await p.automation([TAG], { trigger: 'segment_leave' });
    const [left, stays] = [await p.customer(), await p.customer()];
    await p.stay(left, 'dormant', '2025-12-01', '2026-01-10');
    await p.stay(stays, 'dormant', '2025-12-01');
    await p.day('2026-01-10');
    expect([await p.runs(left), await p.runs(stays)].map((runs) => runs.length)).toEqual([1, 0]);
  });

  test.each([
    ['birthday', 0, '2026-02-27', '2026-02-28'],
    ['birthday', 7, '2026-02-20', '2026-02-21'],
    ['anniversary', 0, '2026-05-30', '2026-05-31'],
  ])('on a day of their own: %s, %s days before', async (trigger, days_before, before, on) => {
    await p.automation([TAG], { trigger, days_before });
    const customer = await p.customer({ birth_on: '1992-02-29', enrolled_on: '2023-05-31' });
    await p.day(before);
    expect(await p.runs(customer)).toEqual([]);
    await p.day(on);
    expect(await p.runs(customer)).toHaveLength(1);
  });

  test('on the days of a calendar', async () => {
    await p.automation([TAG], { trigger: 'calendar', repeat_from: '2026-01-05', repeat: 'month', reentry: 'always' });
    const customer = await p.customer();
    for (const day of ['2026-01-04', '2026-01-05', '2026-01-20', '2026-02-05']) await p.day(day);
    expect((await p.runs(customer)).map((run) => run.trigger_key)).toEqual([
      'calendar 2026-01-05',
      'calendar 2026-02-05',
    ]);
  });

  test('with a fact: the first order, not the second, nor one from before it was launched', async () => {
    const now = Date.now();
    const ago = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
    await p.automation([TAG], { trigger: 'fact', trigger_fact: 'first_order', launched_at: ago(10) });
    const [fresh, known, early] = [await p.customer(), await p.customer(), await p.customer()];
    await p.order(known, ago(400));
    await p.order(early, ago(20));
    for (const customer of [fresh, known]) await p.order(customer, ago(5));
    await processFacts(p.deps, { until_at: new Date(now).toISOString() });
    await followUp(p.deps, { at: new Date(now).toISOString() });
    await followUp(p.deps, { at: new Date(now).toISOString() });
    await p.go(new Date(now).toISOString());
    expect(await p.trace(fresh)).toEqual(['entry entered', 'tag done', 'end finished']);
    expect([...(await p.runs(known)), ...(await p.runs(early))]).toEqual([]);
  });

  test('only whom it is for: by condition, and never somebody blocked', async () => {
    await p.automation([TAG], { audience_filter: { city: { eq: '上海' } } });
    const [here, there, blocked] = [
      await p.customer({ city: '上海' }),
      await p.customer({ city: '北京' }),
      await p.customer({ city: '上海', status: 'blocked' }),
    ];
    for (const customer of [here, there, blocked]) await p.stay(customer, 'dormant', '2026-01-10');
    await p.day('2026-01-10');
    expect(await p.runs(here)).toHaveLength(1);
    expect([...(await p.runs(there)), ...(await p.runs(blocked))]).toEqual([]);
  });

  test('a share is held out: the same ones whenever it is asked, and nothing is done for them', async () => {
    const id = await p.automation([TAG], { holdout_rate: '0.3' });
    const customers: number[] = [];
    for (let at = 0; at < 60; at++) {
      const customer = await p.customer();
      customers.push(customer);
      await p.stay(customer, 'dormant', '2026-01-10');
    }
    await p.day('2026-01-10');
    const { rows } = await sql<{ customer_id: number; status: string; drawn: boolean; tags: string[] }>`
      select customer_id, automation_runs.status, ops.campaign_draw(-${id}::bigint, customer_id) < 0.3 as drawn, tags
      from app.automation_runs inner join app.customers on customers.id = customer_id order by 1
    `.execute(t.db);
    expect(rows).toHaveLength(60);
    for (const { status, drawn, tags } of rows)
      expect({ held_out: status === 'held_out', untouched: tags.length === 0 }).toEqual({
        held_out: drawn,
        untouched: drawn,
      });
    expect(rows.filter(({ drawn }) => drawn).length).toBeGreaterThan(5);
  });

  test.each([
    ['once', null, 1],
    ['after_days', 60, 1],
    ['after_days', 30, 2],
    ['always', null, 2],
  ])('again: %s %s', async (reentry, reentry_days, times) => {
    await p.automation([TAG], { reentry, reentry_days });
    const customer = await p.customer();
    await p.stay(customer, 'dormant', '2026-01-10', '2026-01-20');
    await p.day('2026-01-10');
    await p.stay(customer, 'dormant', '2026-02-20');
    await p.day('2026-02-20');
    expect(await p.runs(customer)).toHaveLength(times);
  });
});

describe('a journey', () => {
  test('waits hours, days, and until a time of day', async () => {
    await p.automation([
      { code: 'hours', kind: 'wait', wait_kind: 'hours', wait_hours: 5 },
      { code: 'time', kind: 'wait', wait_kind: 'time', wait_time: '10:00' },
      wait('days', 3),
      TAG,
    ]);
    const customer = await p.customer();
    await p.stay(customer, 'dormant', '2026-01-10');
    await p.enter('2026-01-10', '2026-01-10 01:00+08');
    const due = async () =>
      (
        await sql<{ at: string }>`
          select to_char(due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as at from app.automation_runs
        `.execute(t.db)
      ).rows[0]!.at;
    await p.go('2026-01-10 01:00+08');
    expect(await due()).toBe('01-10 06:00');
    await p.go('2026-01-10 06:00+08');
    expect(await due()).toBe('01-10 10:00');
    await p.go('2026-01-10 10:00+08');
    expect(await due()).toBe('01-13 10:00');
    await p.go('2026-01-13 09:59+08');
    expect((await p.trace(customer)).at(-1)).toBe('days waits');
    await p.go('2026-01-13 10:00+08');
    expect(await p.trace(customer)).toEqual([
      'entry entered',
      'hours waits',
      'time waits',
      'days waits',
      'tag done',
      'end finished',
    ]);
  });

  test('branches by what the customer is at that moment, and by what they did since', async () => {
    await p.automation([
      wait('pause', 2),
      { code: 'bought', kind: 'condition', asks: 'ordered', yes_step: 'end' },
      { code: 'shanghai', kind: 'condition', condition: { city: { eq: '上海' } }, no_step: 'call' },
      { ...TAG, next_step: 'end' },
      { code: 'call', kind: 'contact', title: '回访', owner_role: 'customer_service', handle_hours: 24 },
    ]);
    const [buyer, here, there] = [await p.customer(), await p.customer({ city: '上海' }), await p.customer()];
    for (const customer of [buyer, here, there]) await p.stay(customer, 'dormant', '2026-01-10');
    await p.day('2026-01-10');
    await p.order(buyer, '2026-01-11 09:00+08');
    await p.day('2026-01-12');
    expect((await p.trace(buyer)).slice(2)).toEqual(['bought met', 'end finished']);
    expect((await p.trace(here)).slice(2)).toEqual(['bought not_met', 'shanghai met', 'tag done', 'end finished']);
    expect((await p.trace(there)).slice(2)).toEqual([
      'bought not_met',
      'shanghai not_met',
      'call done',
      'end finished',
    ]);
    const tasks = await t.db.selectFrom('app.contact_tasks').select(['customer_id', 'title', 'status']).execute();
    expect(tasks).toEqual([{ customer_id: there, title: '回访', status: 'open' }]);
  });

  test('gives a coupon, a message and points, and says why where it cannot', async () => {
    await t.db.updateTable('app.coupon_templates').set({ total_limit: 1 }).where('id', '=', p.coupon).execute();
    await p.automation([
      { code: 'coupon', kind: 'coupon', coupon_template_id: p.coupon },
      { code: 'tell', kind: 'message', message_template_id: p.message },
      { code: 'points', kind: 'points', points: 88 },
    ]);
    const customers = [await p.customer(), await p.customer()];
    for (const customer of customers) await p.stay(customer, 'dormant', '2026-01-10');
    await p.day('2026-01-10');
    const traces = await Promise.all(customers.map((customer) => p.trace(customer)));
    expect(traces.map((trace) => trace[1]).sort()).toEqual(['coupon done', 'coupon refused (limit_reached)']);
    for (const trace of traces) expect(trace.slice(2)).toEqual(['tell done', 'points done', 'end finished']);
    const { rows } = await sql<{
      said: string;
    }>`select variables ->> 'coupon' as said from app.messages order by 1`.execute(t.db);
    expect(rows).toEqual([{ said: '券' }, { said: null }]);
    await processFacts(p.deps, { until_at: '2026-01-11 00:00+08' });
    const accounts = await t.db
      .selectFrom('app.points_accounts')
      .select('available')
      .where('customer_id', 'in', customers)
      .execute();
    expect(accounts).toEqual([{ available: 88 }, { available: 88 }]);
  });

  test('goes on by the version that it began with', async () => {
    const id = await p.automation([wait('pause', 2), TAG]);
    const [early, late] = [await p.customer(), await p.customer()];
    await p.stay(early, 'dormant', '2026-01-10');
    await p.day('2026-01-10');
    await sql`
      update app.automations set steps = ${JSON.stringify([wait('pause', 1), { ...TAG, code: 'other', tag: '新版' }])} where id = ${id}
    `.execute(t.db);
    await sql`select ops.keep_automation_version(${id}, 0, '2026-01-10 20:00+08')`.execute(t.db);
    await p.stay(late, 'dormant', '2026-01-11');
    for (const day of ['2026-01-11', '2026-01-12']) await p.day(day);
    expect((await p.trace(early)).slice(1)).toEqual(['pause waits', 'tag done', 'end finished']);
    expect((await p.trace(late)).slice(1)).toEqual(['pause waits', 'other done', 'end finished']);
  });

  test('ends early with an order, or when the customer leaves the segment, or is gone', async () => {
    await p.automation([wait('pause', 2), TAG], { exits: ['order', 'segment'] });
    const [buyer, risen, blocked] = [await p.customer(), await p.customer(), await p.customer()];
    for (const customer of [buyer, blocked]) await p.stay(customer, 'dormant', '2026-01-10');
    await p.stay(risen, 'dormant', '2026-01-10', '2026-01-11');
    await p.enter('2026-01-10');
    await p.go('2026-01-10 12:00+08');
    await p.order(buyer, '2026-01-11 09:00+08');
    await t.db.updateTable('app.customers').set({ status: 'blocked' }).where('id', '=', blocked).execute();
    await p.go('2026-01-12 12:00+08');
    expect([await p.runs(buyer), await p.runs(blocked)].map(([run]) => run?.reason)).toEqual([
      'ordered',
      'customer_gone',
    ]);
    expect((await p.trace(buyer)).at(-1)).toBe('end exited (ordered)');
    expect((await p.trace(risen)).slice(1)).toEqual(['pause waits', 'end exited (left_segment)']);
  });

  test('goes round as long as its steps say, waiting in between', async () => {
    await p.automation([
      { code: 'coupon', kind: 'coupon', coupon_template_id: p.coupon },
      wait('week', 7),
      { code: 'bought', kind: 'condition', asks: 'ordered', yes_step: 'end', no_step: 'coupon' },
    ]);
    const customer = await p.customer();
    await p.stay(customer, 'dormant', '2026-01-10');
    for (const day of ['2026-01-10', '2026-01-17', '2026-01-24']) await p.day(day);
    await p.order(customer, '2026-01-25 09:00+08');
    await p.day('2026-01-31');
    expect((await p.runs(customer))[0]!.status).toBe('finished');
    const { count } = await t.db
      .selectFrom('app.coupons')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(3);
  });

  test('stays where it is while the automation is paused, and goes on to the end when it has ended', async () => {
    const id = await p.automation([wait('pause', 1), TAG]);
    const customer = await p.customer();
    await p.stay(customer, 'dormant', '2026-01-10');
    await p.day('2026-01-10');
    await sql`select ops.pause_automation(${id}, 0, '{}')`.execute(t.db);
    await p.day('2026-01-11');
    expect((await p.trace(customer)).at(-1)).toBe('pause waits');
    await sql`select ops.end_automation(${id}, 0, '{}')`.execute(t.db);
    await p.day('2026-01-12');
    expect((await p.trace(customer)).slice(-2)).toEqual(['tag done', 'end finished']);
  });
});

describe('whoever asks, and however often', () => {
  const STEPS = (coupon: number, message: number): Step[] => [
    { code: 'share', kind: 'split', share: '0.5', yes_step: 'coupon', no_step: 'points' },
    { code: 'coupon', kind: 'coupon', coupon_template_id: coupon, next_step: 'tell' },
    { code: 'points', kind: 'points', points: 10 },
    { code: 'tell', kind: 'message', message_template_id: message },
    wait('pause', 2),
    { code: 'bought', kind: 'condition', asks: 'ordered', yes_step: 'end' },
    { code: 'call', kind: 'contact', title: '回访', owner_role: 'operator', handle_hours: 8 },
  ];

  async function people(count: number): Promise<number[]> {
    const customers: number[] = [];
    for (let at = 0; at < count; at++) {
      const customer = await p.customer();
      await p.stay(customer, 'dormant', '2026-01-10');
      if (at % 3 === 0) await p.order(customer, '2026-01-11 09:00+08');
      customers.push(customer);
    }
    return customers;
  }

  test('days done twice, a few at a time, by several workers at once: the same as once by one', async () => {
    await p.automation(STEPS(p.coupon, p.message), { code: 'same', holdout_rate: '0.1' });
    await people(30);
    const other = await testDatabase();
    try {
      const q = await automationProgramme(other);
      await q.automation(STEPS(q.coupon, q.message), { code: 'same', holdout_rate: '0.1' });
      const first = p;
      p = q;
      await people(30);
      p = first;
      for (const day of ['2026-01-10', '2026-01-11', '2026-01-12']) await first.day(day);
      for (const day of ['2026-01-10', '2026-01-11', '2026-01-12']) {
        const night = `${day} 00:50+08`;
        await Promise.all([q.enter(day, night), q.enter(day, night)]);
        await Promise.all(Array.from({ length: 4 }, () => q.go(`${day} 12:00+08`, 5)));
        await q.go(`${day} 12:00+08`, 7);
        await q.enter(day, night);
        await q.go(`${day} 12:00+08`);
      }
      const strip = (all: string) => all.replaceAll(/"id":\d+/g, '');
      expect(strip(await q.everything())).toBe(strip(await first.everything()));
      const { rows } =
        await sql`select source, external_id, count(*) from app.coupons group by 1, 2 having count(*) > 1`.execute(
          other.db,
        );
      expect(rows).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test('killed within a turn nothing of it has happened, and the next one does it all', async () => {
    await p.automation(STEPS(p.coupon, p.message));
    await people(12);
    await p.enter('2026-01-10');
    const before = await p.everything();
    const { advance } = await import('../../api/engine/automations.ts');
    let units = 0;
    const killed = advance(
      (work) =>
        t.db.transaction().execute(async (trx) => {
          const done = await work(trx);
          if (++units === 2) throw new Error('killed');
          return done;
        }),
      p.deps,
      { at: new Date('2026-01-10 12:00+08').toISOString() },
    );
    await expect(killed).rejects.toThrow('killed');
    expect(await p.everything()).toBe(before);
    await p.go('2026-01-10 12:00+08');
    const { count } = await t.db
      .selectFrom('app.automation_steps')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('kind', '=', 'message')
      .executeTakeFirstOrThrow();
    expect(count).toBe(12);
  });
});
