/** Alerts: each state and what leads to it, that each notice is given once, and that it reaches who may hear it. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leaveAddress } from '../../api/alerts/leave.ts';
import type { Head, Row } from '../../api/contract.ts';
import { runJob } from '../../api/jobs.ts';
import { mailPools } from '../../api/outbox/smtp.ts';
import { tellSubscribers } from '../../api/outbox/subscribers.ts';
import { tellSome } from '../../api/outbox/webhooks.ts';
import { reportStore } from '../../api/report/store.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type HttpReceiver, httpReceiver, type MailReceiver, mailReceiver } from './receivers.ts';

let t: TestDatabase;
let a: TestApp;
let http: HttpReceiver;
let mail: MailReceiver;
const pools = mailPools();

beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  http = await httpReceiver();
  mail = await mailReceiver();
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, 'online', true, 10, 100, 0
    from generate_series('2025-10-01'::date, '2026-01-31', interval '1 day') as day
  `.execute(t.owner);
  await sql`
    insert into app.message_adapters (code, name, name_en, channel, kind, status, host, port, security, from_address, from_name)
    values ('mail', 'm', 'm', 'email', 'smtp', 'active', '127.0.0.1', ${mail.port}, 'none', 'console@example.com', 'Evergreen')
  `.execute(t.owner);
});
afterAll(async () => {
  pools.close();
  reportStore(a.deps).close();
  await mail?.close();
  await http?.close();
  await t?.close();
});
beforeEach(async () => {
  await sql`
    truncate app.subscription_deliveries, app.subscriptions, app.alert_changes, app.alerts, app.webhook_endpoints cascade
  `.execute(t.owner);
  mail.mails.length = 0;
  http.posted.length = 0;
  http.answers(() => [200]);
});

/** Judged by the day, below 90 bad and below 100 a warning unless said otherwise. */
const RULE = {
  ...{
    rule: 'report:sales/orders-by-day#orders/value',
    report: 'sales/orders-by-day',
    metric: 'orders',
    area: 'sales',
  },
  ...{
    name: '每日订单 · 订单数',
    name_en: 'Orders by day · Orders',
    unit: 'count',
    owner: 'analytics',
    owner_id: null,
  },
  ...{ roles: ['analyst', 'manager', 'operator', 'viewer'], against: 'value', side: 'below', warn: '99', bad: '90' },
  ...{ for: 1, step: 'day' },
};
let minute = 0;
async function judge(
  values: readonly (number | null)[],
  { rule = {}, failure = null, at }: { rule?: object; failure?: string | null; at?: string } = {},
): Promise<number> {
  minute += 1;
  const points = values.map((value, at_place) => ({
    subject: {},
    bucket_on: new Date(Date.UTC(2026, 0, 31 - (values.length - 1 - at_place))).toISOString().slice(0, 10),
    value,
  }));
  const moment = at ?? new Date(Date.UTC(2026, 1, 1, 0, minute)).toISOString();
  const { rows } = await sql<{ told: number }>`
    select ops.note_alerts(${JSON.stringify({ ...RULE, ...rule })}::jsonb, ${JSON.stringify(points)}::jsonb, ${failure}, ${moment}) as told
  `.execute(t.db);
  return rows[0]!.told;
}
const state = async () => (await t.owner.selectFrom('app.alerts').select('state').executeTakeFirst())?.state;
const notices = async () =>
  (
    await sql<{ notice: string }>`select notice from app.alert_changes where notice is not null order by id`.execute(
      t.owner,
    )
  ).rows.map(({ notice }) => notice);
const INPUT = {
  ...{ about: 'report', target: 'sales/orders-by-day', params: '', channel: 'email', endpoint_id: null },
  ...{ frequency: 'at_once', weekday: null, hour: null, lang: 'en', when_quiet: 'skip' },
};
const subscribe = (values: object = {}, person: Person = 'manager') =>
  a.as(person)('POST', '/api/_subscriptions', { ...INPUT, ...values });
/** The part of an e-mail that is text alone. */
function textOf(written: string): string {
  const [head = '', ...rest] = written.split(/^Content-Type: text\/plain/m)[1]!.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n').split(/\r\n--/)[0]!;
  return /base64/.test(head) ? Buffer.from(body, 'base64').toString('utf8') : body.replace(/=\r\n/g, '');
}
/** Twelve a day, up to yesterday. */
const recentOrders = () =>
  sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, 'store', true, 12, 345, 0
    from base.programme
    cross join generate_series(programme.today_on - 30, programme.today_on - 1, interval '1 day') as day
  `.execute(t.owner);
const send = () => tellSubscribers(a.deps, pools);
const deliveries = () =>
  t.owner.selectFrom('app.subscription_deliveries').select(['state', 'attempts']).orderBy('id').execute();

describe('a rule', () => {
  test('warns, gets worse and recovers, each told once however often it is looked at', async () => {
    expect(await judge([100, 100])).toBe(0);
    expect(await state()).toBe('ok');
    expect(await judge([100, 95])).toBe(1);
    expect(await judge([100, 95])).toBe(0);
    expect(await judge([95, 80])).toBe(1);
    // Better, but not well: nothing new.
    expect(await judge([80, 95])).toBe(0);
    expect(await judge([95, 80])).toBe(0);
    expect(await judge([80, 100])).toBe(1);
    expect(await judge([80, 100])).toBe(0);
    expect(await notices()).toEqual(['warn', 'bad', 'recovered']);
  });

  test('waits for so many steps in a row', async () => {
    expect(await judge([100, 80], { rule: { for: 2 } })).toBe(0);
    expect(await state()).toBe('pending');
    expect(await judge([80, 80], { rule: { for: 2 } })).toBe(1);
    expect(await state()).toBe('bad');
    // Bad and a warning are two in a row of a warning.
    expect(await judge([80, 95], { rule: { for: 2 } })).toBe(0);
    expect(await state()).toBe('warn');
    expect(await judge([95, 100], { rule: { for: 2 } })).toBe(1);
    expect(await notices()).toEqual(['bad', 'recovered']);
  });

  test('is taken back by late facts', async () => {
    await judge([100, 80]);
    expect(await judge([100, 101])).toBe(1);
    expect(await notices()).toEqual(['bad', 'recovered']);
  });

  test('what pends and passes is never told', async () => {
    await judge([100, 80], { rule: { for: 2 } });
    expect(await judge([80, 100], { rule: { for: 2 } })).toBe(0);
    expect(await notices()).toEqual([]);
  });

  test('says when there are no data, no rows, and that what it looks at fails', async () => {
    expect(await judge([100, null])).toBe(1);
    expect(await state()).toBe('no_data');
    expect(await judge([100, 100])).toBe(1);
    expect(await judge([])).toBe(1);
    expect(await judge([], { failure: 'canceling statement' })).toBe(1);
    expect(await state()).toBe('error');
    expect(await judge([], { failure: 'canceling statement' })).toBe(0);
    expect(await judge([100])).toBe(1);
    expect(await notices()).toEqual(['no_data', 'recovered', 'no_data', 'error', 'recovered']);
  });

  test('judges against the step before', async () => {
    expect(await judge([100, 95], { rule: { against: 'previous', warn: '-0.1', bad: '-0.2' } })).toBe(0);
    expect(await judge([100, 80], { rule: { against: 'previous', warn: '-0.1', bad: '-0.2' } })).toBe(1);
    expect(await t.owner.selectFrom('app.alerts').select(['state', 'threshold_text']).execute()).toEqual([
      { state: 'bad', threshold_text: '80' },
    ]);
  });

  test('does not go back to what was seen earlier', async () => {
    await judge([100, 80], { at: '2026-02-02T00:00:00Z' });
    expect(await judge([100, 100], { at: '2026-02-01T23:00:00Z' })).toBe(0);
    expect(await state()).toBe('bad');
  });

  test('is told once by two who look at the same time, and not at all by one who is stopped half-way', async () => {
    await subscribe();
    const at = '2026-03-01T00:00:00Z';
    await expect(
      t.db.transaction().execute(async (trx) => {
        await sql`select ops.note_alerts(${JSON.stringify(RULE)}::jsonb, '[{"subject":{},"bucket_on":"2026-01-31","value":1}]', null, ${at})`.execute(
          trx,
        );
        throw new Error('stopped');
      }),
    ).rejects.toThrow('stopped');
    expect(await deliveries()).toEqual([]);
    const told = await Promise.all(Array.from({ length: 8 }, () => judge([100, 80], { at })));
    expect(told.reduce((sum, each) => sum + each)).toBe(1);
    expect(await deliveries()).toHaveLength(1);
  });

  test('keeps quiet until the day that was chosen, and speaks then if it still holds', async () => {
    await judge([100, 80]);
    await judge([100, 100]);
    const { id } = await t.owner.selectFrom('app.alerts').select('id').executeTakeFirstOrThrow();
    const quiet = (until_on: string, person: Person = 'analyst') =>
      a.as(person)('POST', `/api/alerts/${id}/_actions/snooze`, { until_on, reason: 'stocktaking' });
    expect((await quiet('2020-01-01')).status).toBe(422);
    expect((await quiet('2999-01-01')).status).toBe(422);
    expect((await quiet('2026-12-31', 'viewer')).status).toBe(403);
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const done = await quiet(soon);
    expect(done.status, await done.clone().text()).toBe(200);
    expect(await judge([100, 80])).toBe(0);
    await sql`update app.alerts set snoozed_until_on = '2026-01-01'`.execute(t.owner);
    expect(await judge([100, 80])).toBe(1);
    expect(await notices()).toEqual(['bad', 'recovered', 'bad']);
    await expect(sql`update app.alert_changes set notice = null`.execute(t.db)).rejects.toMatchObject({
      code: '42501',
    });
  });
});

test('a missed target is an alert of its metric, found by the job and closed with the target', async () => {
  await sql`
    insert into app.metric_targets (metric, grain, measure, target_value, starts_on) values ('orders', 'day', 'number', 50, '2026-01-01')
  `.execute(t.owner);
  await recentOrders();
  expect(await runJob(a.deps, 'open_alerts', '2026-02-01')).toMatchObject({ state: 'done', error: null });
  const rule = (await (await a.as('manager')('GET', '/api/alerts?rule=x')).json()) as unknown;
  expect(rule).toMatchObject({ key: expect.any(String) });
  const listed = (await (await a.as('manager')('GET', '/api/alerts?metric=orders')).json()) as Row[];
  expect(listed).toMatchObject([{ state: 'bad', value_text: '12', threshold_text: '50', is_open: true }]);
  await sql`delete from app.metric_targets`.execute(t.owner);
  await sql`delete from app.order_day where channel = 'store'`.execute(t.owner);
  await runJob(a.deps, 'alerts', '2026-02-01');
  expect(
    await sql`select from app.alerts where rule = 'metric:orders/day' and state <> 'ok'`.execute(t.owner),
  ).toMatchObject({
    rows: [],
  });
});

describe('the head of an alert', () => {
  const head = async () => {
    const { id } = await t.owner.selectFrom('app.alerts').select('id').executeTakeFirstOrThrow();
    const answer = await a.as('manager')('GET', `/api/alerts/${id}/_head`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return ((await answer.json()) as Head).cards;
  };

  test('says what is watched, when it speaks and how many are told', async () => {
    await subscribe({ target: 'sales/orders-by-month' });
    await subscribe({ about: 'area', target: 'sales', frequency: 'daily', hour: 8 });
    await subscribe({ about: 'area', target: 'customers' }, 'analyst');
    await judge([100, 80], {
      rule: {
        ...{ rule: 'report:sales/orders-by-month#net_sales/previous', report: 'sales/orders-by-month' },
        ...{ metric: 'revenue_net', against: 'previous', warn: '-0.15', bad: '-0.3' },
      },
    });
    const [watched, rule, tells] = await head();
    expect(watched).toMatchObject({
      main: { text: ['净销售额', 'Net sales'], to: '/reports/metrics/revenue_net' },
      facts: expect.arrayContaining([expect.objectContaining({ to: '/reports/sales/orders-by-month' })]),
    });
    expect(rule).toMatchObject({
      main: { text: ['比上一周期低 30% 或更多', '30% or more below the period before'] },
      facts: expect.arrayContaining([
        expect.objectContaining({ text: ['比上一周期低 15% 或更多', '15% or more below the period before'] }),
      ]),
    });
    expect(tells!.facts).toMatchObject([
      { label: ['立即通知', 'At once'], value: 1 },
      { label: ['每日汇总', 'Daily digest'], value: 1 },
      { text: ['去订阅', 'Subscribe'] },
    ]);
  });

  test('says that its rule is gone', async () => {
    await judge([100, 80], { rule: { rule: 'report:sales/orders-by-day#nothing/value' } });
    const [, rule, tells] = await head();
    expect(rule).toMatchObject({ main: { text: ['规则已删除，不再检查', expect.any(String)] }, facts: [] });
    expect(tells).toMatchObject({ main: { text: ['还没有人订阅', expect.any(String)] } });
  });
});

describe('who subscribed', () => {
  test('is told by e-mail once, in their language, with the way to the page and out', async () => {
    expect((await subscribe()).status).toBe(201);
    expect((await subscribe({ lang: 'zh' })).status).toBe(200);
    await judge([100, 80]);
    const sent = await Promise.all([send(), send(), send()]);
    expect(sent.reduce((sum, each) => sum + each)).toBe(1);
    expect(mail.mails).toHaveLength(1);
    expect(mail.mails[0]).toContain('To: manager@test.example');
    expect(mail.mails[0]).toMatch(/List-Unsubscribe:\s+<http/i);
    expect(await deliveries()).toEqual([{ state: 'sent', attempts: 1 }]);

    const { id } = await t.owner.selectFrom('app.subscriptions').select('id').executeTakeFirstOrThrow();
    const leave = new URL(leaveAddress(t.config, id)).pathname;
    expect((await a.anyone('GET', leave)).status).toBe(200);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await a.anyone('POST', `${leave}x`, '', form)).status).toBe(404);
    expect((await a.anyone('POST', leave)).status).toBe(415);
    expect((await a.anyone('POST', leave, '', form)).status).toBe(200);
    await judge([100, 100]);
    expect(await deliveries()).toHaveLength(1);
  });

  test('finds what it is to by its heading, as it was when something was sent last', async () => {
    await subscribe();
    const listed = async () => {
      const [row] = (await (await a.as('manager')('GET', '/api/subscriptions')).json()) as Row[];
      return [row!.target, row!.name, row!.name_en];
    };
    const heading = await listed();
    expect(heading[1]).not.toBe(heading[0]);
    expect(heading[1]).toMatch(/[一-鿿]/);
    // As one from before names were kept, and as one that was called something else.
    await t.owner.updateTable('app.subscriptions').set({ target_name: '', target_name_en: '' }).execute();
    expect(await listed()).toEqual([heading[0], heading[0], heading[0]]);
    await t.owner.updateTable('app.subscriptions').set({ target_name: '旧名', target_name_en: 'old' }).execute();
    await judge([100, 80]);
    await send();
    expect(await listed()).toEqual(heading);
  });

  test('and lost the role hears nothing more, nor sees the alert', async () => {
    await subscribe({}, 'operator');
    await judge([100, 80]);
    expect((await (await a.as('operator')('GET', '/api/alerts')).json()) as Row[]).toHaveLength(1);
    expect((await (await a.as('reviewer')('GET', '/api/alerts')).json()) as Row[]).toHaveLength(0);
    await sql`update app.users set roles = '{customer_service}' where id = ${a.id('operator')}`.execute(t.owner);
    await send();
    expect(mail.mails).toEqual([]);
    expect(await deliveries()).toEqual([{ state: 'withheld', attempts: 1 }]);
    await sql`update app.users set roles = '{operator}' where id = ${a.id('operator')}`.execute(t.owner);
  });

  test('by a webhook that fails, is told when it works again', async () => {
    const made = await a.as('administrator')('POST', '/api/webhook_endpoints', {
      ...{ name: 'BI', url: http.url, topics: ['subscription.told', 'alert.changed'] },
    });
    expect(made.status, await made.clone().text()).toBe(201);
    const { id: endpoint_id } = (await made.json()) as { id: number };
    const answer = await subscribe({ channel: 'webhook', endpoint_id });
    expect(answer.status, await answer.clone().text()).toBe(201);
    await judge([100, 80]);
    await send();
    http.answers(() => [503]);
    await tellSome({ db: t.db, config: t.config });
    http.answers(() => [200]);
    for (let turn = 0; turn < 3; turn++) {
      await sql`update app.webhook_deliveries set due_at = now() where due_at is not null`.execute(t.owner);
      await tellSome({ db: t.db, config: t.config });
    }
    const topics = http.posted.map(({ json }) => json.topic);
    expect(topics.filter((topic) => topic === 'alert.changed').length).toBeGreaterThanOrEqual(1);
    expect(http.posted.find(({ json }) => json.topic === 'subscription.told')!.json).toMatchObject({
      data: {
        digest: false,
        notices: [{ notice: 'bad', value: '80', threshold: '90', report: 'sales/orders-by-day' }],
      },
    });
    const { rows } = await sql`select from app.webhook_deliveries where state <> 'delivered'`.execute(t.owner);
    expect(rows).toEqual([]);
  });

  test('to a digest gets one of all that happened when its hour has come, and none when nothing did', async () => {
    await recentOrders();
    await subscribe({ about: 'area', target: 'sales', frequency: 'daily', hour: 0 });
    await judge([100, 80]);
    await sql`update app.subscriptions set created_at = now() - interval '3 days'`.execute(t.owner);
    await sql`update app.alert_changes set happened_at = now() - interval '2 days'`.execute(t.owner);
    for (let twice = 0; twice < 2; twice++) await runJob(a.deps, 'queue_digests', '2026-02-01');
    await sql`update app.subscription_deliveries set due_at = now()`.execute(t.owner);
    await send();
    expect(mail.mails).toHaveLength(1);
    // What happened, and how the figures of the area stand.
    const written = textOf(mail.mails[0]!);
    expect(written).toContain('[No data] Orders by day');
    expect(written).toMatch(/^Orders: 12 /m);
    expect(written).toMatch(/^Net sales: .*345\.00 /m);
    expect(mail.mails[0]).toContain('filename=orders.png');
    expect(written).not.toContain('Points issued');
    await sql`
      update app.subscription_deliveries set until_at = until_at - interval '1 day', from_at = from_at - interval '1 day'
    `.execute(t.owner);
    await runJob(a.deps, 'queue_digests', '2026-02-01');
    await sql`update app.subscription_deliveries set due_at = now() where due_at is not null`.execute(t.owner);
    await send();
    expect(mail.mails).toHaveLength(1);
    expect((await deliveries()).map((each) => each.state)).toEqual(['sent', 'skipped']);
    await sql`delete from app.order_day where channel = 'store'`.execute(t.owner);
  });

  test('to the digest of a metric gets its figure', async () => {
    await subscribe({ about: 'metric', target: 'orders', frequency: 'weekly', weekday: 1, hour: 8 });
    await sql`update app.subscriptions set created_at = now() - interval '30 days'`.execute(t.owner);
    await runJob(a.deps, 'queue_digests', '2026-02-01');
    await sql`update app.subscription_deliveries set due_at = now()`.execute(t.owner);
    await send();
    expect(await deliveries()).toEqual([{ state: 'sent', attempts: 1 }]);
    expect(mail.mails[0]).toContain('image/png');
  });

  test('is refused by name of the field what is wrong, and what they may not see', async () => {
    for (const [field, values] of [
      ['target', { target: 'sales/none' }],
      ['target', { target: 7 }],
      ['about', { about: 'everything' }],
      ['hour', { frequency: 'daily' }],
      ['hour', { frequency: 'daily', hour: 24 }],
      ['weekday', { frequency: 'weekly', hour: 8 }],
      ['endpoint_id', { channel: 'webhook' }],
      ['endpoint_id', { channel: 'webhook', endpoint_id: 999 }],
      ['params', { params: 'x'.repeat(3000) }],
      ['lang', { lang: 'fr' }],
      ['more', { more: true }],
    ] as const) {
      const answer = await subscribe(values);
      expect(answer.status, JSON.stringify(values)).toBe(422);
      expect(await answer.text()).toContain(`"${field}"`);
    }
    expect((await subscribe({}, 'customer_service')).status).toBe(422);
  });
});
