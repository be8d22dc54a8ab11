/** What automations did for a customer is told on their timeline, in both languages, with every reason in words. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STEP_REASONS } from '../../api/automation-words.ts';
import type { Timeline } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { automationProgramme } from '../sql/automations.ts';

let t: TestDatabase;
let a: TestApp;
let p: Awaited<ReturnType<typeof automationProgramme>>;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  p = await automationProgramme(t);
  await t.db.updateTable('app.coupon_templates').set({ total_limit: 1 }).where('id', '=', p.coupon).execute();
  await p.automation(
    [
      { code: 'gift', name: '发券', name_en: 'Give a coupon', kind: 'coupon', coupon_template_id: p.coupon },
      { code: 'points', name: '补积分', name_en: 'Points instead', kind: 'points', points: 20 },
      { code: 'pause', name: '等 2 天', name_en: 'Wait 2 days', kind: 'wait', wait_kind: 'days', wait_days: 2 },
      { code: 'bought', name: '是否下单', name_en: 'Ordered?', kind: 'condition', asks: 'ordered', yes_step: 'end' },
      { code: 'tag', name: '标记', name_en: 'Tag', kind: 'add_tag', tag: '来过' },
    ],
    { code: 'win', name: '时光礼馈', name_en: 'Time gift', exits: ['order'] },
  );
});
afterAll(() => t?.close());

async function told(customer: number, query = '?kinds=automation', role: 'viewer' | 'operator' = 'viewer') {
  const answer = await a.as(role)('GET', `/api/customers/${customer}/_timeline${query}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Timeline;
}
const texts = ({ entries }: Timeline, lang = 1) =>
  entries.map(({ text, reasons, tone }) => [tone, text[lang], ...reasons.map((each) => each[lang])]);

test('one entry for a journey at a moment, each step with what came of it and why not', async () => {
  const [first, second] = [await p.customer(), await p.customer()];
  for (const customer of [first, second]) await p.stay(customer, 'dormant', '2026-01-10');
  await p.day('2026-01-10');
  await p.order(second, '2026-01-11 09:00+08');
  await p.day('2026-01-12');
  const [lucky, late] = [await told(first), await told(second)];
  expect(texts(lucky)).toEqual([
    ['info', 'Came to the end of the automation “Time gift”', 'Ordered?: not met', 'Tag: done'],
    [
      'info',
      'Went on in the automation “Time gift”',
      'Give a coupon: done',
      'Points instead: done',
      'Wait 2 days: until 2026-01-12 12:00',
    ],
    ['info', 'Entered the automation “Time gift”', 'Because they came into its segment'],
  ]);
  expect(texts(late, 0)).toEqual([
    ['quiet', '提前退出自动化“时光礼馈”', '期间下单'],
    [
      'warning',
      '自动化“时光礼馈”向前推进',
      '发券：未执行（已发完）',
      '补积分：已完成',
      '等 2 天：等到 2026-01-12 12:00',
    ],
    ['info', '进入自动化“时光礼馈”', '因进入触发客群'],
  ]);
  expect(lucky.entries[0]!.of).toMatchObject({ resource: 'automation_runs' });
  // The points it gave were not given by hand.
  expect(texts(await told(first, '?kinds=adjustment'), 0)[0]![1]).toBe('自动化发放 20 积分');
});

test('page by page it is the same as at once, and no entry stands for two', async () => {
  const customer = await p.customer();
  await sql`
    insert into app.automation_runs (customer_id, automation_id, version_id, trigger_key, status, entered_at, entered_on, ended_at)
    select ${customer}, automations.id, programme_versions.id, 'day ' || n, 'finished', ts, ts::date, ts
    from app.automations
    inner join app.programme_versions on programme_versions.resource = 'automations' and programme_versions.record_id = automations.id
    cross join generate_series(1, 80) as n
    cross join lateral (select '2026-02-01 10:00+08'::timestamptz + (n / 9) * interval '1 day' as ts) as moments
  `.execute(t.owner);
  await sql`
    insert into app.automation_steps (customer_id, run_id, automation_id, visit, step_code, kind, outcome, done_at, done_on)
    select customer_id, id, automation_id, v, 'tag', 'add_tag', 'done', entered_at + (v / 2) * interval '1 hour', entered_on
    from app.automation_runs cross join generate_series(0, 3) as v where customer_id = ${customer}
  `.execute(t.owner);
  const all: string[] = [];
  let next: string | null = null;
  do {
    const page: Timeline = await told(customer, `?kinds=automation${next ? `&before=${next}` : ''}`);
    all.push(...page.entries.map(({ id, of }) => `${id} ${of?.id}`));
    next = page.next;
  } while (next);
  expect(all).toHaveLength(160);
  expect(new Set(all).size).toBe(160);
});

test('the trace says its entry and its reasons in words', async () => {
  for (const [zh, en] of Object.values(STEP_REASONS)) {
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(en).toMatch(/^[A-Z]/);
  }
  const answer = await a.as('viewer')('GET', '/api/automation_steps?_end=100&_sort=id&_order=asc');
  const steps = (await answer.json()) as { step_name: string; step_name_en: string; reason: string | null }[];
  expect(steps[0]).toMatchObject({ step_name: '进入', step_name_en: 'Entry' });
  expect(steps.map(({ step_name }) => step_name)).toContain('结束');
  const reasons = steps.flatMap(({ reason }) => (reason ? [reason] : []));
  expect(reasons.sort()).toEqual(['limit_reached', 'ordered']);
  expect(Object.keys(STEP_REASONS)).toEqual(expect.arrayContaining(reasons));
});
