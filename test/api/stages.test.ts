/** The evaluation of the stages: what it says of known facts, who may read it, and that what was written stays. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReportCatalogue } from '../../api/contract-reports.ts';
import type { Stage, StageEvaluation, Written, WrittenDays } from '../../api/contract-written.ts';
import { runJob } from '../../api/jobs.ts';
import { REPORTS_FOLDER, readMetrics } from '../../api/report/metrics.ts';
import { ReportError } from '../../api/report/problem.ts';
import { stageEvaluation } from '../../api/report/stages.ts';
import { readStagesDefinition } from '../../api/report/stages-definition.ts';
import { reportStore } from '../../api/report/store.ts';
import { OWN_PAGES } from '../../reports/own-pages.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;

/** The programme began on 2026-01-01; orders are known from 2025-10 to 2026-02-14. */
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await sql`update app.settings set started_on = '2026-01-01'`.execute(t.owner);
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, 'online', true, 10, case when day < '2026-01-01' then 1000 else 1300 end, 0
    from generate_series('2025-10-01'::date, '2026-02-14', interval '1 day') as day
  `.execute(t.owner);
  await sql`
    insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count)
    values ('month', '2025-12-01', 1000, 200), ('month', '2026-01-01', 1000, 310), ('month', '2026-02-01', 900, 100)
  `.execute(t.owner);
});
afterAll(async () => {
  reportStore(a.deps).close();
  await t?.close();
});
beforeEach(async () => {
  await sql`truncate app.stage_evaluations, app.goals cascade`.execute(t.owner);
});

interface Goal {
  stage?: string;
  metric: string;
  measure?: string;
  target_kind?: string;
  target_rate?: number | null;
  target_value?: number | null;
  weight?: number;
  from_month?: number;
  to_month?: number;
}
async function goal({ metric, ...given }: Goal): Promise<void> {
  const terms = {
    stage: 'short',
    measure: 'rate',
    target_kind: 'absolute',
    weight: 10,
    from_month: 0,
    to_month: 3,
    ...given,
  };
  await sql`
    insert into app.goals (stage, name, name_en, metric, measure, target_kind, target_rate, target_value, weight, from_month, to_month)
    values (
      ${terms.stage}, ${`目标 ${metric}`}, ${`goal ${metric}`}, ${metric}, ${terms.measure}, ${terms.target_kind},
      ${terms.target_rate ?? null}, ${terms.target_value ?? null}, ${terms.weight}, ${terms.from_month}, ${terms.to_month}
    )
  `.execute(t.owner);
}

const ask = (path = '', person: Person = 'manager') => a.as(person)('GET', `/api/_stages${path}`);
const live = async () => (await (await ask()).json()) as StageEvaluation;
const stageOf = ({ stages }: StageEvaluation, stage: string): Stage => stages.find((each) => each.stage === stage)!;

describe('what it says', () => {
  test('is where each goal stood, where it is and where it should be by now', async () => {
    await goal({ metric: 'repurchase_rate', target_rate: 0.35, weight: 60 });
    await goal({ metric: 'aov_net', measure: 'money', target_kind: 'relative', target_rate: 0.5, weight: 40 });
    const evaluation = await stageEvaluation(a.deps, { reported_on: '2026-02-14' });

    expect(evaluation).toMatchObject({
      reported_on: '2026-02-14',
      known_until: '2026-02-15',
      started_on: '2026-01-01',
    });
    const short = stageOf(evaluation, 'short');
    expect(short).toMatchObject({ starts_on: '2026-01-01', due_on: '2026-03-31', phase: 'running' });
    const [repurchase, aov] = short.goals;
    // January whole; of February nobody knows yet who comes back.
    expect(repurchase).toMatchObject({
      ...{ metric: 'repurchase_rate', before_value: '0.200000', baseline: '0.200000', actual: '0.310000', den: '1000' },
      ...{ target: '0.3500', expected: '0.275000', passed_rate: '0.500000', status: 'on_track', advice: null },
    });
    expect(Number(repurchase!.difference_low)).toBeGreaterThan(0);
    expect(aov).toMatchObject({
      ...{ metric: 'aov_net', before_value: '100.000000', actual: '130.000000', target: '150.000000' },
      ...{ expected: '125.000000', change_rate: '0.300000', status: 'on_track', low: null },
    });
    expect(evaluation.verdict[0]![1]).toBe('Of 2 goals: 2 on track, 0 at risk, 0 missed, 0 too early to say.');
  });

  test('names what falls short, with what may be done about it', async () => {
    await goal({ metric: 'aov_net', measure: 'money', target_kind: 'relative', target_rate: 1 });
    const evaluation = await stageEvaluation(a.deps, { reported_on: '2026-02-14' });
    const [aov] = stageOf(evaluation, 'short').goals;
    expect(aov).toMatchObject({ status: 'at_risk', advice: { to: '/coupon_templates' } });
    expect(evaluation.verdict[1]).toEqual([
      '短期“目标 aov_net”：现为 ¥130.00，目标 ¥200.00，落后于进度。',
      'Short term, “goal aov_net”: ¥130.00 now, target ¥200.00; behind its pace.',
    ]);
  });

  test('later facts are left out', async () => {
    await goal({ metric: 'revenue_net', measure: 'money', target_value: 100_000 });
    const [revenue] = stageOf(await stageEvaluation(a.deps, { reported_on: '2026-01-31' }), 'short').goals;
    expect(revenue).toMatchObject({ actual: `${String(31 * 1300)}.00`, phase: 'running' });
  });

  test('what waits for facts says for which, and so do a unit that is not the metric’s and a segment it cannot tell apart', async () => {
    await goal({ metric: 'referral_share', target_rate: 0.2 });
    await goal({ metric: 'repurchase_rate', measure: 'money', target_value: 5 });
    const { goals } = stageOf(await live(), 'short');
    const waits = Object.fromEntries(goals.map(({ metric, waits }) => [metric, waits?.[1] ?? null]));
    expect(waits.referral_share).toContain('Facts of referral');
    expect(waits.repurchase_rate).toBe('The goal is not in the unit of its metric');
    expect(goals.find(({ metric }) => metric === 'repurchase_rate')).toMatchObject({ actual: null, status: null });
  });

  test('a stage also looks at metrics that nobody has set a goal for', async () => {
    const { goals } = stageOf(await live(), 'short');
    expect(goals.map(({ metric, goal_id }) => [metric, goal_id])).toContainEqual(['wake_up_rate', null]);
  });

  test('a dropped goal is not asked about', async () => {
    await goal({ metric: 'orders', measure: 'number', target_value: 5 });
    await sql`update app.goals set status = 'dropped'`.execute(t.owner);
    expect(stageOf(await live(), 'short').goals.some(({ metric }) => metric === 'orders')).toBe(false);
  });

  test('without a first day of the programme there are no stages', async () => {
    await sql`update app.settings set started_on = null`.execute(t.owner);
    try {
      expect(await live()).toMatchObject({ started_on: null, stages: [], effects: [], verdict: [] });
    } finally {
      await sql`update app.settings set started_on = '2026-01-01'`.execute(t.owner);
    }
  });
});

test('a goal of a segment counts its customers alone', async () => {
  const { rows } = await sql<{ id: number }>`
    insert into app.segment_rule_sets (code, name, name_en) values ('lifecycle', 'l', 'l') returning id
  `.execute(t.owner);
  const set = rows[0]!.id;
  await sql`
    insert into app.segment_rule_set_versions (rule_set_id, number, state, effective_from, rules)
    values (${set}, 1, 'published', '1990-01-01', '[{"code":"active","name":"活跃","name_en":"Active","condition":{}}]')
  `.execute(t.owner);
  await sql`
    insert into app.segment_snapshots (rule_set_id, as_of_on, rule_set_version_id, computed_at)
    select rule_set_id, day, id, now() from app.segment_rule_set_versions cross join unnest('{2025-11-01,2026-02-14}'::date[]) as day
  `.execute(t.owner);
  await sql`
    insert into app.customers (id, external_id, enrolled_at, enrolled_on)
    values (1, 's1', '2025-01-01 00:00+08', '2025-01-01'), (2, 's2', '2025-01-01 00:00+08', '2025-01-01')
  `.execute(t.owner);
  await sql`
    insert into app.segment_memberships (customer_id, rule_set_id, entered_on, segment_code) values (1, ${set}, '2025-11-01', 'active')
  `.execute(t.owner);
  await sql`
    insert into app.orders (customer_id, source, external_id, placed_at, placed_on, amount, returned_amount, status)
    values
      (1, 't', 'o1', '2025-12-05 12:00+08', '2025-12-05', 100, 0, 'paid'), (1, 't', 'o2', '2026-01-05 12:00+08', '2026-01-05', 160, 40, 'paid'),
      (1, 't', 'o3', '2026-01-06 12:00+08', '2026-01-06', 900, 0, 'cancelled'), (2, 't', 'o4', '2026-01-05 12:00+08', '2026-01-05', 500, 0, 'paid')
  `.execute(t.owner);
  await goal({ metric: 'aov_net', measure: 'money', target_kind: 'relative', target_rate: 0.25 });
  await sql`update app.goals set segment_id = (select id from base.segments where segment_code = 'active')`.execute(
    t.owner,
  );

  const [aov] = stageOf(await stageEvaluation(a.deps, { reported_on: '2026-02-14' }), 'short').goals;
  expect(aov).toMatchObject({
    segment: ['活跃', 'Active'],
    before_value: '100.000000',
    actual: '120.000000',
    target: '125.000000',
  });
});

describe('what was written', () => {
  const write = (as_of_on: string) => runJob(a.deps, 'stage_evaluation', as_of_on);

  test('is there from the first of a month and from the day after a stage, once, and stays', async () => {
    await goal({ metric: 'orders', measure: 'number', target_value: 400 });
    await write('2026-02-01');
    await write('2026-02-01');
    await write('2026-02-02');
    expect(
      ((await (await ask('/written')).json()) as WrittenDays).written.map(({ reported_on }) => reported_on),
    ).toEqual(['2026-01-31']);
    const first = (await (await ask('/written/2026-01-31')).json()) as Written<StageEvaluation>;
    expect(first).toMatchObject({ number: 1, numbers: 1 });
    expect(stageOf(first.body, 'short').goals[0]).toMatchObject({ metric: 'orders', actual: '310' });

    await sql`update app.order_day set order_count = 20 where day = '2026-01-31'`.execute(t.owner);
    await write('2026-02-01');
    const again = (await (await ask('/written/2026-01-31')).json()) as Written<StageEvaluation>;
    expect(again).toMatchObject({ number: 2, numbers: 2 });
    const before = (await (await ask('/written/2026-01-31?number=1')).json()) as Written<StageEvaluation>;
    expect(before.sha256).toBe(first.sha256);
    await sql`update app.order_day set order_count = 10 where day = '2026-01-31'`.execute(t.owner);
  });

  test('cannot be changed by the app’s login', async () => {
    await write('2026-02-01');
    for (const change of [
      sql`update app.stage_evaluations set body = '{}'`,
      sql`delete from app.stage_evaluations`,
      sql`truncate app.stage_evaluations`,
    ])
      await expect(change.execute(t.db)).rejects.toThrow(/permission denied/);
  });

  test('by several at once is written once', async () => {
    const body = JSON.stringify({ stages: [] });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        sql<{
          number: number | null;
        }>`select ops.write_stage_evaluation('2026-01-31', ${body}::jsonb) as number`.execute(t.db),
      ),
    );
    expect(answers.map(({ rows }) => rows[0]!.number).filter((number) => number !== null)).toEqual([1]);
  });

  test.each([
    ['/written/2026-13-01', 'day'],
    ['/written/yesterday', 'day'],
    ['/written/2026-01-31?number=0', 'number'],
    ['/written/2026-01-31?number=99999999999', 'number'],
  ])('%s is refused by name', async (path, field) => {
    const answer = await ask(path);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(field);
  });
});

describe('who may read it', () => {
  test('those the file names, and nobody else', async () => {
    expect((await ask('', 'viewer')).status).toBe(200);
    expect((await ask('', 'customer_service')).status).toBe(403);
    expect((await ask('/written', 'customer_service')).status).toBe(403);
    expect((await ask('/written/2026-01-31', 'customer_service')).status).toBe(403);
  });

  test('the catalogue shows the pages that one may open', async () => {
    const pages = async (person: Person) =>
      ((await (await a.as(person)('GET', '/api/_reports')).json()) as ReportCatalogue).pages;
    expect((await pages('administrator')).toSorted()).toEqual(OWN_PAGES.map(({ slug }) => slug).toSorted());
    expect(await pages('manager')).toEqual(expect.arrayContaining(['health', 'stages', 'metrics']));
    expect(await pages('customer_service')).not.toContain('stages');
  });
});

describe('a mistake in the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evergreen-stages-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(REPORTS_FOLDER, folder, { recursive: true });
  const { metrics } = readMetrics(join(REPORTS_FOLDER, 'metrics'));
  const good =
    'roles: [manager]\nstages:\n  short:\n    label: [短期, Short]\n    months: [0, 3]\n    metrics: [orders]\n';

  test.each([
    ['a metric that is none', good.replace('orders', 'ordres'), 6, 'orders'],
    ['a role that is none', good.replace('[manager]', '[manger]'), 1, 'manager'],
    ['months the wrong way round', good.replace('[0, 3]', '[3, 0]'), 5, ''],
    ['a key that is none', good.replace('months:', 'month:'), 5, 'months'],
    [
      'advice that leads out of the console',
      `${good}advice:\n  orders:\n    text: [甲, b]\n    to: https://example.com\n`,
      10,
      '',
    ],
  ])('%s is told with its line', (_, text, line, hint) => {
    writeFileSync(join(folder, 'stages.yaml'), text);
    try {
      readStagesDefinition(folder, metrics);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ReportError);
      const { problem } = error as ReportError;
      expect(problem).toMatchObject({ file: 'reports/stages.yaml', line });
      expect(JSON.stringify(problem)).toContain(hint);
    }
  });
});
