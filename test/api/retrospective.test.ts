/** The monthly retrospective: what it says of known facts, who does what with it, and that what was signed stays. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type {
  Retrospective,
  RetrospectiveChanges,
  RetrospectiveComment,
  RetrospectiveList,
  RetrospectiveRead,
} from '../../api/contract-written.ts';
import { runJob } from '../../api/jobs.ts';
import { courseParts } from '../../api/report/metric-course.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { readRetrospectiveDefinition } from '../../api/report/retrospective-definition.ts';
import { reportStore } from '../../api/report/store.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;

/** Fourteen months of a shop: January 2026 is to be looked back at. */
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, channel, true, 10, case when day >= '2026-01-01' then 1500 else 1000 + extract(month from day)::integer % 2 end, 0
    from generate_series('2025-01-01'::date, '2026-02-10', interval '1 day') as day
    cross join (values ('online'), ('store')) as channels (channel)
  `.execute(t.owner);
  await sql`
    insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count)
    values ('month', '2025-12-01', 300, 90), ('month', '2026-01-01', 310, 81)
  `.execute(t.owner);
  await sql`
    insert into app.metric_targets (metric, grain, measure, target_rate, target_value, starts_on)
    values ('repurchase_rate', 'month', 'rate', 0.5, null, '2025-01-01'), ('orders', 'month', 'number', null, 600, '2025-01-01')
  `.execute(t.owner);
});
afterAll(async () => {
  if (a) reportStore(a.deps).close();
  await t?.close();
});
beforeEach(async () => {
  await sql`
    truncate app.retrospectives, app.retrospective_snapshots, app.retrospective_signatures, app.retrospective_comments,
      app.retrospective_actions
  `.execute(t.owner);
});

test('every column that a figure is told apart by is in all views that the figure is read from', async () => {
  const { metrics } = await reportStore(a.deps).metrics();
  const { contributions, splits } = readRetrospectiveDefinition(REPORTS_FOLDER, metrics);
  expect(contributions.length * splits.length).toBeGreaterThan(0);
  for (const { metric, by } of [...contributions, ...splits]) {
    const parts = courseParts(metric, metrics)!;
    for (const { view } of [parts.num, ...(parts.den ? [parts.den] : [])]) {
      const { rows } = await t.report.query(
        'select 1 from information_schema.columns where table_schema = $1 and table_name = $2 and column_name = $3',
        ['report', view, by],
      );
      expect(rows.length, `${metric.code}: ${view}.${by}`).toBe(1);
    }
  }
});

const ask = (method: string, path = '', body?: unknown, person: Person = 'manager') =>
  a.as(person)(method, `/api/_retrospectives${path}`, body);
const write = async (month = '2026-01', person: Person = 'analyst') => {
  const answer = await ask('POST', `/${month}`, {}, person);
  expect([200, 201], await answer.clone().text()).toContain(answer.status);
  return (await answer.json()) as { number: number; written: boolean };
};
const read = async (path = '/2026-01', person: Person = 'manager') =>
  (await (await ask('GET', path, undefined, person)).json()) as RetrospectiveRead;
const step = async (name: string, person: Person, path = '/2026-01', version?: number) => {
  const { head, version: seen } = await read(path);
  return ask('POST', `/${head.month_on.slice(0, 7)}/${head.number}/${name}`, { version: version ?? seen }, person);
};
const done = async (answer: Promise<Response>) => {
  const { status } = await answer;
  expect(status, await (await answer).clone().text()).toBe(204);
};
/** Written by the analyst, signed by the manager. */
async function sign(month = '2026-01'): Promise<void> {
  await write(month);
  await done(step('submit', 'analyst', `/${month}`));
  await done(step('sign', 'manager', `/${month}`));
}
const metricOf = (body: Retrospective, code: string) => body.scorecard.find((metric) => metric.code === code)!;
const january = (values: string) =>
  sql`update app.order_day set ${sql.raw(values)} where day = '2026-01-31' and channel = 'online'`.execute(t.owner);

describe('what it says', () => {
  test('is how the month stood, what moved and by what', async () => {
    expect(await write()).toEqual({ number: 1, written: true });
    const { body, head } = await read();

    expect(head).toMatchObject({ month_on: '2026-01-01', number: 1, state: 'draft', authors: ['Test analyst'] });
    expect(body).toMatchObject({ last_on: '2026-01-31', known_until: '2026-02-01', currency: 'CNY' });
    expect(metricOf(body, 'orders').latest).toMatchObject({
      ...{ step_on: '2026-01-01', value: '620', target: '600.00', gap: '20.00', status: 'on_track', signal: false },
      ...{ previous_value: '620', change: '0.000000', last_year_value: '620' },
    });
    const net = metricOf(body, 'revenue_net');
    expect(net).toMatchObject({ owner: 'analytics', version: 1, latest: { value: '93000.00', signal: true } });
    expect(net.trend).toHaveLength(13);
    expect(body.drivers).toMatchObject({ net: '93000.00', previous_net: '62000.00', change: '31000.00' });
    const effects = body.drivers!.factors!.map(({ effect }) => Number(effect));
    expect(effects.reduce((sum, each) => sum + each, 0)).toBeCloseTo(31_000, 6);
    expect(body.contributions).toMatchObject([
      {
        metric: 'revenue_net',
        parts: [
          { part: 'online', difference: '15500.00' },
          { part: 'store', difference: '15500.00' },
        ],
      },
    ]);
    const [aov] = body.splits;
    expect(aov).toMatchObject({
      metric: 'aov_gross',
      before: '100.000000',
      after: '150.000000',
      mix_effect: '0.000000',
    });
    expect(body.waits.map(({ chapter }) => chapter)).toEqual(['feedback', 'forecast']);
    expect(metricOf(body, 'nps')).toMatchObject({ latest: null, waits: expect.any(Array) });
    expect(body.verdict.length).toBeLessThanOrEqual(5);
    expect(body.verdict[0]![1]).toBe(
      'Of 2 figures with a target: 1 on track, 0 at risk, 1 missed, 0 too early to say.',
    );
    expect(body.verdict[1]![0]).toMatch(
      /^2026-01 净销售额 ¥93,000.00，较上月 \+¥31,000.00（\+50.00%）。按因素拆分：下单客户数 \+¥/,
    );
  });

  test('begins with what earlier months decided', async () => {
    const owner_id = a.id('operator');
    for (const values of [
      { month_on: '2025-11-01', decision: 'Call them', due_on: '2025-12-10' },
      { month_on: '2025-12-01', decision: 'Mail them', due_on: '2026-01-20', status: 'done', closed_on: '2026-01-19' },
      { month_on: '2025-10-01', decision: 'Long ago', due_on: '2025-11-20', status: 'done', closed_on: '2025-11-19' },
      { month_on: '2026-01-01', decision: 'Of this month', due_on: '2026-03-01' },
    ]) {
      const made = await a.as('analyst')('POST', '/api/retrospective_actions', { owner_id, ...values });
      expect(made.status, await made.clone().text()).toBe(201);
    }
    await write();
    const { body, actions } = await read();
    expect(body.carried.map(({ decision, late, owner }) => [decision, late, owner])).toEqual([
      ['Call them', true, 'Test operator'],
      ['Mail them', false, 'Test operator'],
    ]);
    expect(actions.map(({ decision }) => decision)).toEqual(['Of this month']);
    expect(body.verdict.at(-1)![1]).toBe('Of 2 actions of earlier months: 1 done, 1 open, 1 of them late.');
  });

  test('the same again is nothing, however many write it at once; other facts make the next number with the text', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => write()));
    expect(made.filter(({ written }) => written)).toHaveLength(1);
    expect(new Set(made.map(({ number }) => number))).toEqual(new Set([1]));
    const { version } = await read();
    await ask('PUT', '/2026-01/1/text', { text: '一月很好', version }, 'analyst');
    await january('returned_amount = 60');
    expect(await write()).toEqual({ number: 2, written: true });
    await january('returned_amount = 0');

    expect(await read()).toMatchObject({ head: { number: 2, state: 'draft' }, text: '一月很好' });
    expect(await read('/2026-01?number=1')).toMatchObject({ head: { number: 1, state: 'superseded' } });
  });
});

describe('another writing of the month', () => {
  test('names each figure that moved and why', async () => {
    await sign();
    await january('returned_amount = 60');
    await sql`
      with someone as (
        insert into app.customers (external_id, enrolled_on) values ('late', '2025-12-01') returning id
      )
      insert into app.returns (customer_id, source, external_id, amount, returned_at, returned_on)
      select someone.id, 't', 'R-1', 60, '2026-02-03T04:00:00Z', '2026-02-03' from someone
    `.execute(t.owner);
    await sql`update app.metric_targets set target_value = 650 where metric = 'orders'`.execute(t.owner);
    expect((await write()).number).toBe(2);
    const { changes } = (await (await ask('GET', '/2026-01/2/changes')).json()) as RetrospectiveChanges;
    await january('returned_amount = 0');
    await sql`update app.metric_targets set target_value = 600 where metric = 'orders'`.execute(t.owner);

    const of = (figure: string) => changes.find((change) => change.figure === figure);
    expect(of('scorecard/revenue_net/2026-01-01')).toMatchObject({
      ...{ before_value: '93000.00', after_value: '92940.00', difference: '-60.00', reason: 'late_data' },
      label: ['净销售额 2026-01', 'Net sales 2026-01'],
    });
    expect(of('target/orders/2026-01-01')).toMatchObject({
      before_value: '600.00',
      after_value: '650.00',
      reason: 'target',
    });
    expect(of('contribution/revenue_net/online/2026-01-01')).toMatchObject({ difference: '-60.00' });
    expect(changes.some(({ figure }) => figure.startsWith('scorecard/orders/'))).toBe(false);
    expect(changes.filter(({ figure }) => figure.startsWith('drivers/')).length).toBeGreaterThan(0);
  });

  test('from the same facts is a fix, by another definition says so', async () => {
    const figure = { id: 'scorecard/orders/2026-01-01', chapter: 'scorecard', label: ['a', 'a'], unit: 'count' };
    const changes = (before: object, after: object) =>
      sql<{ reason: string }>`
        select reason from ops.figure_changes(${JSON.stringify([{ ...figure, ...before }])}::jsonb,
          ${JSON.stringify([{ ...figure, ...after }])}::jsonb, false)
      `
        .execute(t.db)
        .then(({ rows }) => rows.map(({ reason }) => reason));
    expect(await changes({ value: '1', definition: 'x' }, { value: '2', definition: 'x' })).toEqual(['fix']);
    expect(await changes({ value: '1', definition: 'x' }, { value: '2', definition: 'y' })).toEqual(['definition']);
    expect(await changes({ value: '1.00', definition: 'x' }, { value: '1', definition: 'y' })).toEqual([]);
  });

  test('of a later month tells what the signed one before had otherwise', async () => {
    await sign('2025-12');
    await sql`update app.order_day set order_count = 12 where day = '2025-12-05' and channel = 'store'`.execute(
      t.owner,
    );
    await write();
    await sql`update app.order_day set order_count = 10 where day = '2025-12-05' and channel = 'store'`.execute(
      t.owner,
    );
    const { body } = await read();
    expect(body.quality.restated).toContainEqual(
      expect.objectContaining({
        ...{ figure: 'scorecard/orders/2025-12-01', signed_month_on: '2025-12-01', signed_number: 1 },
        ...{ before_value: '620', after_value: '622', difference: '2' },
      }),
    );
  });
});

describe('signing', () => {
  test('wants a role, a review and somebody who did not write it', async () => {
    await write();
    expect((await step('sign', 'manager')).status).toBe(409);
    await done(step('submit', 'analyst'));
    for (const [person, status] of [
      ['viewer', 403],
      ['analyst', 403],
      ['operator', 403],
    ] as const)
      expect((await step('sign', person)).status, person).toBe(status);
    await done(step('return', 'manager'));
    const { version } = await read();
    expect((await ask('PUT', '/2026-01/1/text', { text: 'Mine too', version }, 'manager')).status).toBe(200);
    await done(step('submit', 'analyst'));
    const refused = await step('sign', 'manager');
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('Nobody signs what they wrote'),
    ]);
    await done(step('sign', 'reviewer'));
    expect((await read()).head).toMatchObject({ state: 'signed', signed_by: 'Test reviewer' });
  });

  test('of what has changed since it was read is refused', async () => {
    await write();
    await done(step('submit', 'analyst'));
    const { version } = await read();
    await ask('PUT', '/2026-01/1/text', { text: 'Quickly', version }, 'analyst');
    expect((await step('sign', 'manager', '/2026-01', version)).status).toBe(409);
  });

  test('happens once, however many do it at once, and no text slips in beside it', async () => {
    await write();
    await done(step('submit', 'analyst'));
    const { version } = await read();
    const answers = await Promise.all([
      ...(['manager', 'reviewer', 'administrator'] as const).map((person) =>
        ask('POST', '/2026-01/1/sign', { version }, person),
      ),
      ask('PUT', '/2026-01/1/text', { text: 'Beside', version }, 'operator'),
    ]);
    const signed = answers.slice(0, 3).filter(({ status }) => status === 204).length;
    const saved = answers[3]!.status === 200;
    expect([signed, saved]).toEqual(saved ? [0, true] : [1, false]);
    const { text, head } = await read();
    expect([head.state, text]).toEqual(saved ? ['in_review', 'Beside'] : ['signed', '']);
  });

  test('is for good: by no path of the product, nor by SQL of the application or of the owner', async () => {
    await sign();
    const before = await read();
    for (const [method, path, body] of [
      ['PUT', '/2026-01/1/text', { text: 'Other', version: before.version }],
      ['POST', '/2026-01/1/submit', { version: before.version }],
      ['POST', '/2026-01/1/return', { version: before.version }],
      ['POST', '/2026-01/1/sign', { version: before.version }],
    ] as const)
      expect((await ask(method, path, body, 'administrator')).status, path).toBe(409);
    for (const statement of [
      sql`update app.retrospective_snapshots set body = '{}'`,
      sql`delete from app.retrospective_snapshots`,
      sql`update app.retrospective_signatures set text = 'x'`,
      sql`delete from app.retrospective_signatures`,
      sql`update app.retrospectives set text = 'x'`,
      sql`update app.retrospectives set month_on = '2020-01-01'`,
      sql`delete from app.retrospectives`,
      sql`truncate app.retrospectives cascade`,
      sql`update app.retrospective_comments set body = 'x'`,
    ]) {
      await expect(statement.execute(t.db)).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|EG409)$/) });
      if (!/truncate|comments/.test(statement.compile(t.db).sql))
        await expect(statement.execute(t.owner)).rejects.toMatchObject({ code: 'EG409' });
    }
    await expect(
      sql`insert into app.retrospective_signatures (retrospective_id, signed_by, text, actions, sha256)
        select retrospective_id, signed_by, 'x', '[]', 'x' from app.retrospective_signatures`.execute(t.db),
    ).rejects.toMatchObject({ code: '23505' });
    expect(await read()).toEqual(before);
  });

  test('keeps the actions as they were, which stay with it', async () => {
    const made = await a.as('analyst')('POST', '/api/retrospective_actions', {
      ...{
        decision: 'Call them',
        month_on: '2026-01-01',
        owner_id: a.id('operator'),
        due_on: '2026-03-01',
        metric: 'orders',
      },
    });
    const { id } = (await made.json()) as { id: number };
    await sign();
    const version = made.headers.get('etag')!;
    await a.as('analyst')(
      'PATCH',
      `/api/retrospective_actions/${id}`,
      { decision: 'Other words' },
      { 'if-match': version },
    );
    expect((await read()).actions).toMatchObject([{ decision: 'Call them', owner: 'Test operator', metric: 'orders' }]);
    expect((await a.as('analyst')('DELETE', `/api/retrospective_actions/${id}`)).status).toBe(409);
  });

  test('of a later number supersedes it, and only then', async () => {
    await sign();
    await january('returned_amount = 60');
    await write();
    expect((await read('/2026-01?number=1')).head.state).toBe('signed');
    await done(step('submit', 'analyst'));
    await done(step('sign', 'manager'));
    await january('returned_amount = 0');
    expect((await read('/2026-01?number=1')).head.state).toBe('superseded');
    const list = (await (await ask('GET')).json()) as RetrospectiveList;
    expect(list.retrospectives.map(({ number, state }) => [number, state])).toEqual([
      [2, 'signed'],
      [1, 'superseded'],
    ]);
    expect(list.may).toEqual({ write: true, sign: true });
    expect(list.months[0]! >= '2026-02-01').toBe(true);
  });
});

describe('the text', () => {
  test('is saved over the version that was read; otherwise the other text is told', async () => {
    await write();
    const { version } = await read();
    const first = await ask('PUT', '/2026-01/1/text', { text: 'One', version }, 'analyst');
    expect(await first.json()).toEqual({ version: version + 1 });
    const second = await ask('PUT', '/2026-01/1/text', { text: 'Two', version }, 'operator');
    expect(second.status).toBe(412);
    expect(await second.json()).toMatchObject({ key: 'stale', record: { text: 'One', version: version + 1 } });
    const { rows } = await sql<{ action: string }>`
      select action from app.audit_entries where resource = 'retrospectives' order by id desc limit 2
    `.execute(t.owner);
    expect(rows.map(({ action }) => action)).toEqual(['update', 'write']);
  });

  test('and comments are refused by name of the field', async () => {
    await write();
    const { version } = await read();
    for (const [path, body, field] of [
      ['PUT text', { text: 7, version }, 'text'],
      ['PUT text', { text: 'x'.repeat(20_001), version }, 'text'],
      ['PUT text', { text: 'x' }, 'version'],
      ['PUT text', { text: 'x', version: 1e99 }, 'version'],
      ['PUT text', { text: 'x', version, author: 1 }, 'author'],
      ['POST comments', { anchor: 'nowhere', body: 'x' }, 'anchor'],
      ['POST comments', { anchor: 'scorecard', body: '  ' }, 'body'],
      ['POST comments', { anchor: 'scorecard', body: 'x'.repeat(2001) }, 'body'],
    ] as const) {
      const [method, name] = path.split(' ') as [string, string];
      const answer = await ask(method, `/2026-01/1/${name}`, body, 'analyst');
      expect(answer.status, JSON.stringify(body).slice(0, 60)).toBe(422);
      expect(Object.keys(((await answer.json()) as { errors: object }).errors)).toEqual([field]);
    }
  });

  test('is commented at a chapter or a figure', async () => {
    await write();
    for (const anchor of ['drivers', 'scorecard/orders/2026-01-01']) {
      const answer = await ask('POST', '/2026-01/1/comments', { anchor, body: '为什么？' }, 'viewer');
      expect([answer.status, ((await answer.json()) as RetrospectiveComment).author]).toEqual([201, 'Test viewer']);
    }
    expect((await read()).comments.map(({ anchor, body }) => [anchor, body])).toEqual([
      ['drivers', '为什么？'],
      ['scorecard/orders/2026-01-01', '为什么？'],
    ]);
  });
});

describe('who and when', () => {
  test('readers are the roles of its file; a month that is not over, or none, is refused', async () => {
    await write();
    expect((await ask('GET', '', undefined, 'customer_service')).status).toBe(403);
    expect((await ask('GET', '/2026-01', undefined, 'customer_service')).status).toBe(403);
    expect((await ask('POST', '/2025-11', {}, 'viewer')).status).toBe(403);
    expect((await ask('PUT', '/2026-01/1/text', { text: 'x', version: 1 }, 'viewer')).status).toBe(403);
    for (const [path, status] of [
      ['/2026-13', 400],
      ['/1', 400],
      ['/2026-01?number=0', 400],
      ['/2026-01?number=9', 404],
      ['/2020-01', 404],
      ['/2026-01/1/changes', 404],
    ] as const)
      expect((await ask('GET', path)).status, path).toBe(status);
    expect((await ask('POST', '/2090-01', {})).status).toBe(409);
  });

  test('the job writes the month before once it is known, and those that were missed', async () => {
    const run = (as_of_on: string) => runJob(a.deps, 'retrospective', as_of_on);
    // The last facts are of February 10.
    expect((await run('2026-03-02')).rows_written).toBe(0);
    expect(await run('2026-02-02')).toMatchObject({ state: 'done', rows_written: 1 });
    expect((await run('2026-02-03')).rows_written).toBe(0);
    expect((await run('2026-03-04')).rows_written).toBe(1);
    const list = (await (await ask('GET')).json()) as RetrospectiveList;
    expect(list.retrospectives.map(({ month_on, authors }) => [month_on, authors])).toEqual([
      ['2026-02-01', []],
      ['2026-01-01', []],
    ]);
    await sql`truncate app.retrospectives cascade`.execute(t.owner);
    await write('2025-10');
    expect((await run('2026-02-02')).rows_written).toBe(3);
  });
});
