/** The daily health report: what it says of known facts, that what was written stays, and that it reaches who asked for it. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HealthReport, Written, WrittenDays } from '../../api/contract-written.ts';
import { runJob } from '../../api/jobs.ts';
import { mailSome } from '../../api/outbox/report-mail.ts';
import { mailPools } from '../../api/outbox/smtp.ts';
import { tellSome } from '../../api/outbox/webhooks.ts';
import { readHealthDefinition } from '../../api/report/health-definition.ts';
import { REPORTS_FOLDER, readMetrics } from '../../api/report/metrics.ts';
import { ReportError } from '../../api/report/problem.ts';
import { reportStore } from '../../api/report/store.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type HttpReceiver, httpReceiver, type MailReceiver, mailReceiver } from './receivers.ts';

let t: TestDatabase;
let a: TestApp;
let http: HttpReceiver;
let mail: MailReceiver;
const pools = mailPools();

/** Thirty days of a hundred, then one of a thousand, and a month of buyers. */
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  http = await httpReceiver();
  mail = await mailReceiver();
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, 'online', true, 10, case when day = '2026-01-31' then 1000 else 100 + extract(day from day)::integer % 2 end, 0
    from generate_series('2026-01-01'::date, '2026-01-31', interval '1 day') as day
  `.execute(t.owner);
  await sql`
    insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count)
    values ('month', '2026-01-01', 263, 81)
  `.execute(t.owner);
  await sql`
    insert into app.metric_targets (metric, grain, measure, target_rate, target_value, starts_on)
    values ('repurchase_rate', 'month', 'rate', 0.5, null, '2026-01-01'), ('orders', 'day', 'number', null, 10, '2026-01-01')
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
  await sql`truncate app.report_deliveries, app.report_subscriptions, app.health_reports, app.webhook_endpoints cascade`.execute(
    t.owner,
  );
  mail.mails.length = 0;
  http.posted.length = 0;
});

const ask = (path = '', person: Person = 'manager') => a.as(person)('GET', `/api/_health${path}`);
const write = (as_of_on = '2026-02-01') => runJob(a.deps, 'health_report', as_of_on);
const written = async (path = '/2026-01-31') => (await (await ask(`/written${path}`)).json()) as Written<HealthReport>;
const metricOf = (report: HealthReport, code: string) => report.metrics.find((metric) => metric.code === code)!;
async function subscribe(values: { [field: string]: unknown }): Promise<void> {
  const answer = await a.as('manager')('POST', '/api/report_subscriptions', { name: 'Li', ...values });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
const post = () => mailSome({ db: t.db, config: t.config }, pools);

describe('what it says', () => {
  test('is how yesterday stood to the target, to the day before and to what is usual', async () => {
    await write();
    const { body } = await written();

    expect(body).toMatchObject({ reported_on: '2026-01-31', known_until: '2026-02-01' });
    expect(metricOf(body, 'orders').latest).toMatchObject({
      ...{ step_on: '2026-01-31', value: '10', previous_value: '10', change: '0.000000' },
      ...{ target: '10.00', status: 'on_track', signal: false },
    });
    const net = metricOf(body, 'revenue_net');
    expect(net.latest).toMatchObject({ value: '1000.00', signal: true, status: null });
    expect(net.trend).toHaveLength(30);
    expect(metricOf(body, 'repurchase_rate').latest).toMatchObject({
      ...{ step_on: '2026-01-01', value: '0.307985', target: '0.5000', status: 'missed' },
    });
    expect(metricOf(body, 'referral_share')).toMatchObject({ latest: null, waits: expect.any(Array) });
    expect(body.verdict.map(([, en]) => en)).toEqual([
      'Of 2 figures with a target: 1 on track, 0 at risk, 1 missed, 0 too early to say.',
      'Repurchase rate 30.80%, target 50.00%: missed.',
      expect.stringMatching(/^Net sales ¥1,000.00 is outside its usual ¥/),
      expect.stringMatching(/^Net AOV ¥100.00 is outside its usual ¥/),
      expect.stringMatching(/^Data that lag: Orders/),
    ]);
    expect(body.verdict[1]![0]).toBe('复购率 30.80%，目标 50.00%，未达成。');
  });

  test('is of the day asked for: later facts are left out', async () => {
    await write('2026-01-16');
    const { body } = await written('/2026-01-15');

    expect(body.known_until).toBe('2026-01-16');
    expect(metricOf(body, 'revenue_net').latest).toMatchObject({ step_on: '2026-01-15', signal: false });
    expect(metricOf(body, 'revenue_net').trend.at(-1)!.step_on).toBe('2026-01-15');
    // Half of January: of the month before nothing is known, of this one not the whole.
    expect(metricOf(body, 'repurchase_rate').latest).toBe(null);
    expect(metricOf(body, 'repurchase_rate').running).toMatchObject({ step_on: '2026-01-01', status: 'missed' });
  });

  test('names campaigns that run and what they reach, budgets, incidents and what lags', async () => {
    await sql`
      insert into app.campaigns (code, name, name_en, form, status, goal_metric, goal_measure, goal_rate, starts_on)
      values ('again', '再来', 'Again', 'growth', 'running', 'repurchase_rate', 'rate', 0.3, '2026-01-01'),
        ('rest', '休', 'Rest', 'growth', 'draft', 'repurchase_rate', 'rate', 0.3, '2026-01-01')
    `.execute(t.owner);
    await sql`
      insert into app.job_runs (job, as_of_on, state, started_at, finished_at, error, worker)
      values ('rfm_scores', '2026-01-30', 'failed', now() - interval '2 days', now(), 'e', 'w'),
        ('points_day', '2026-01-30', 'failed', now() - interval '2 days', now(), 'e', 'w'),
        ('points_day', '2026-01-31', 'done', now() - interval '1 day', now(), null, 'w')
    `.execute(t.owner);
    const report = (await (await ask()).json()) as HealthReport;

    expect(report.campaigns).toMatchObject([
      { code: 'again', status: 'on_track', goal: { target: '0.3000', value: '0.307985' }, stopped_at: null },
    ]);
    expect(report.incidents).toMatchObject([{ kind: 'job_failed', name: ['rfm_scores', 'rfm_scores'] }]);
    expect(report.freshness.find(({ source }) => source === 'orders')).toMatchObject({ status: 'late' });
    expect(report.freshness.find(({ source }) => source === 'segments')).toMatchObject({ status: 'none' });
    await sql`delete from app.campaigns where code in ('again', 'rest')`.execute(t.owner);
    await sql`delete from app.job_runs where job in ('rfm_scores', 'points_day')`.execute(t.owner);
  });
});

describe('what was written', () => {
  test('stays: the same again is nothing, late facts make the next number, and no login of the product may change it', async () => {
    expect((await write()).rows_written).toBe(1);
    expect((await write()).rows_written).toBe(0);
    const first = await written();
    await sql`update app.order_day set order_count = 11 where day = '2026-01-31'`.execute(t.owner);
    expect((await write()).rows_written).toBe(1);
    await sql`update app.order_day set order_count = 10 where day = '2026-01-31'`.execute(t.owner);

    expect(await written('/2026-01-31?number=1')).toEqual({ ...first, numbers: 2 });
    expect(metricOf((await written()).body, 'orders').latest!.value).toBe('11');
    const { rows } = await sql<{ sha256: string }>`
      select encode(sha256(convert_to(body::text, 'UTF8')), 'hex') as sha256 from app.health_reports where number = 1
    `.execute(t.owner);
    expect(first.sha256).toBe(rows[0]!.sha256);
    await expect(sql`update app.health_reports set body = '{}'`.execute(t.db)).rejects.toMatchObject({ code: '42501' });
    await expect(sql`delete from app.health_reports`.execute(t.db)).rejects.toMatchObject({ code: '42501' });
    const days = (await (await ask('/written')).json()) as WrittenDays;
    expect(days.written.map(({ reported_on, number }) => [reported_on, number])).toEqual([['2026-01-31', 2]]);
  });

  test('is one, however many write it at once', async () => {
    await subscribe({ email: 'li@example.com' });
    const body = JSON.stringify({ verdict: [] });
    const made = await Promise.all(
      Array.from({ length: 12 }, () =>
        sql`select * from ops.write_health_report('2026-01-31', ${body}::jsonb, true)`.execute(t.db),
      ),
    );
    expect(made.flatMap(({ rows }) => rows)).toHaveLength(1);
    expect((await t.owner.selectFrom('app.report_deliveries').selectAll().execute()).length).toBe(1);
  });
});

describe('who gets it', () => {
  test('by e-mail, in their language, once, with a picture of each figure', async () => {
    await subscribe({ email: 'li@example.com' });
    await subscribe({ email: 'ann@example.com', lang: 'en', when_sent: 'attention' });
    await subscribe({ email: 'off@example.com', status: 'paused' });
    await write();
    // Several processes send.
    const sent = await Promise.all([post(), post(), post()]);

    expect(sent.reduce((sum, each) => sum + each)).toBe(2);
    expect(await post()).toBe(0);
    const [li, ann] = ['li@example.com', 'ann@example.com'].map((to) => mail.mails.find((each) => each.includes(to))!);
    expect(mail.mails).toHaveLength(2);
    expect(decoded(li!)).toContain('复购率 30.80%，目标 50.00%，未达成。');
    expect(decoded(ann!)).toContain('Repurchase rate 30.80%, target 50.00%: missed.');
    expect(decoded(ann!)).toContain('/reports/health?day=2026-01-31');
    expect(ann!.match(/Content-Type: image\/png/g)!.length).toBeGreaterThanOrEqual(2);
    const [png] = pictures(ann!);
    expect(png!.subarray(1, 4).toString()).toBe('PNG');
    // Three times 240 x 56.
    expect([png!.readUInt32BE(16), png!.readUInt32BE(20)]).toEqual([720, 168]);
    const list = await a.as('manager')('GET', '/api/report_deliveries');
    expect(((await list.json()) as { state: string }[]).map(({ state }) => state)).toEqual(['sent', 'sent']);
  });

  test('not who only wants to hear of trouble, on a day without', async () => {
    await subscribe({ email: 'ann@example.com', when_sent: 'attention' });
    await sql`select * from ops.write_health_report('2026-01-31', '{}', false)`.execute(t.db);
    expect(await t.owner.selectFrom('app.report_deliveries').selectAll().execute()).toEqual([]);
  });

  test('what is refused is not tried again, what could not be handed over is; without a mail server it waits', async () => {
    await subscribe({ email: 'gone@example.com' });
    await subscribe({ email: 'busy@example.com' });
    mail.refuses['gone@example.com'] = 550;
    mail.refuses['busy@example.com'] = 450;
    await write();
    await sql`update app.message_adapters set status = 'paused'`.execute(t.owner);
    expect(await post()).toBe(0);
    await sql`update app.message_adapters set status = 'active' where code = 'mail'`.execute(t.owner);
    expect(await post()).toBe(2);
    const states = async () =>
      (
        await t.owner
          .selectFrom('app.report_deliveries')
          .select(['email', 'state', 'attempts'])
          .orderBy('email')
          .execute()
      ).map(({ email, state, attempts }) => [email.split('@')[0], state, attempts]);
    expect(await states()).toEqual([
      ['busy', 'queued', 1],
      ['gone', 'failed', 1],
    ]);
    delete mail.refuses['busy@example.com'];
    await sql`update app.report_deliveries set due_at = now() where due_at is not null`.execute(t.owner);
    expect(await post()).toBe(1);
    expect((await states())[0]).toEqual(['busy', 'sent', 2]);
  });

  test('a report that cannot be put into words is tried again, and says so', async () => {
    await subscribe({ email: 'li@example.com' });
    await sql`select * from ops.write_health_report('2026-01-31', '{}', true)`.execute(t.db);
    expect(await post()).toBe(1);
    expect(await t.owner.selectFrom('app.report_deliveries').select(['state', 'answer']).execute()).toEqual([
      { state: 'queued', answer: expect.stringMatching(/\w/) },
    ]);
  });

  test('by webhook, where an endpoint asks for it', async () => {
    const made = await a.as('administrator')('POST', '/api/webhook_endpoints', {
      ...{ name: 'BI', url: http.url, topics: ['health.written'] },
    });
    expect(made.status, await made.clone().text()).toBe(201);
    await write();
    await tellSome({ db: t.db, config: t.config });

    expect(http.posted).toHaveLength(1);
    expect(http.posted[0]!.json).toMatchObject({
      topic: 'health.written',
      data: { reported_on: '2026-01-31', number: 1, wants_attention: true, report: { reported_on: '2026-01-31' } },
    });
  });

  test('wrong subscriptions are refused by name of the field', async () => {
    for (const [field, values] of [
      ['email', { email: 'nobody' }],
      ['email', { email: `${'a'.repeat(300)}@example.com` }],
      ['name', { email: 'li@example.com', name: '' }],
      ['lang', { email: 'li@example.com', lang: 'fr' }],
      ['when_sent', { email: 'li@example.com', when_sent: 7 }],
    ] as const) {
      const answer = await a.as('manager')('POST', '/api/report_subscriptions', { name: 'Li', ...values });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(`"${field}"`);
    }
    await subscribe({ email: 'li@example.com' });
    const twice = await a.as('manager')('POST', '/api/report_subscriptions', { name: 'Li', email: 'LI@example.com' });
    expect([409, 422]).toContain(twice.status);
  });
});

describe('who may read it', () => {
  test('are the roles of its file', async () => {
    for (const person of ['manager', 'analyst', 'viewer'] as const) expect((await ask('', person)).status).toBe(200);
    expect((await ask('', 'customer_service')).status).toBe(403);
    expect((await ask('/written', 'customer_service')).status).toBe(403);
  });

  test('wrong days and numbers are said', async () => {
    for (const [path, status] of [
      ['/written/2026-02-30', 400],
      ['/written/x', 400],
      ['/written/2026-01-31?number=0', 400],
      ['/written/2026-01-31?number=1e99', 400],
      ['/written/1999-01-01', 404],
    ] as const)
      expect((await ask(path)).status, path).toBe(status);
  });
});

test('a wrong file is told with its line and what is meant', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evergreen-health-'));
  const { metrics } = readMetrics(join(REPORTS_FOLDER, 'metrics'));
  try {
    cpSync(join(REPORTS_FOLDER, 'health.yaml'), join(folder, 'health.yaml'));
    expect(readHealthDefinition(folder, metrics).metrics.length).toBeGreaterThan(5);
    for (const [text, line, hint] of [
      ['roles: [manager]\nmetrics:\n  order: day\n', 3, 'orders'],
      ['roles: [manger]\nmetrics:\n  orders: day\n', 1, 'manager'],
      ['roles: [manager]\nmetrics:\n  orders: days\n', 3, 'day'],
      ['roles: [manager]\nmetrix:\n  orders: day\n', 2, 'metrics'],
    ] as const) {
      writeFileSync(join(folder, 'health.yaml'), text);
      const failed = (() => {
        try {
          readHealthDefinition(folder, metrics);
        } catch (error) {
          return error;
        }
        return null;
      })();
      expect(failed).toBeInstanceOf(ReportError);
      const { problem } = failed as ReportError;
      expect([problem.file, problem.line]).toEqual(['reports/health.yaml', line]);
      expect(JSON.stringify(problem)).toContain(hint);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A mail's texts, whatever they travel as. */
function decoded(mail_text: string): string {
  return mail_text
    .split(/\r?\n--/)
    .map((part) => {
      const [head = '', ...body] = part.split(/\r?\n\r?\n/);
      const text = body.join('\n\n');
      if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString('utf8');
      if (!/quoted-printable/i.test(head)) return text;
      const bytes = text
        .replace(/=\r?\n/g, '')
        .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(bytes, 'latin1').toString('utf8');
    })
    .join('\n');
}

function pictures(mail_text: string): Buffer[] {
  return mail_text.split(/\r?\n--/).flatMap((part) => {
    const [head = '', body = ''] = part.split(/\r?\n\r?\n/);
    return /image\/png/.test(head) ? [Buffer.from(body, 'base64')] : [];
  });
}
