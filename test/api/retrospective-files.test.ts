/** A retrospective as a file: the workbook read back, who gets it, what is noted; printing without a Chromium. The PDF itself: test/e2e. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError } from '../../api/contract.ts';
import type { RetrospectiveRead } from '../../api/contract-written.ts';
import { closePress } from '../../api/paper/print.ts';
import { reportStore } from '../../api/report/store.ts';
import { readSheet } from '../../api/xlsx/sheet.ts';
import { openWorkbook } from '../../api/xlsx/workbook.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
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
  await ask('POST', '/2026-01', {}, 'analyst');
}, 240_000);
afterAll(async () => {
  await closePress();
  if (a) reportStore(a.deps).close();
  await t?.close();
});

const ask = (method: string, path: string, body?: unknown, person: Person = 'manager', lang = 'en') =>
  a.as(person)(method, `/api/_retrospectives${path}`, body, { 'accept-language': lang });

async function sheets(path: string, lang: string): Promise<Map<string, string[][]>> {
  const answer = await ask('GET', path, undefined, 'manager', lang);
  expect(answer.status, answer.status === 200 ? '' : await answer.clone().text()).toBe(200);
  const file = join(tmpdir(), `retrospective-${process.pid}.xlsx`);
  await writeFile(file, await answer.bytes());
  const workbook = await openWorkbook(file, 1e8);
  try {
    const found = new Map<string, string[][]>();
    for (const sheet of workbook.sheets) {
      const rows: string[][] = [];
      for await (const batch of readSheet(workbook, sheet)) for (const { cells } of batch) rows.push(cells);
      found.set(sheet.name, rows);
    }
    return found;
  } finally {
    workbook.entries.close();
  }
}

describe('the workbook', () => {
  test('has a sheet per chapter, numbers as numbers, shares as shares, days as days', async () => {
    const found = await sheets('/2026-01/1/xlsx', 'zh');
    expect([...found.keys()]).toEqual([
      ...['说明', '结论', '记分卡', '变化与原因', '活动', '页面与点击', '客户反馈', '预算与异常', '预测与阶段目标'],
      ...['数据质量', '行动', '指标口径'],
    ]);
    const about = new Map(found.get('说明')!.map(([name, value]) => [name, value]));
    expect(about.get('2026-01 月度复盘')).toBe(undefined);
    expect(about.get('数据截至')).toBe('2026-01-31');
    expect(about.get('数据指纹 SHA-256')).toMatch(/^[0-9a-f]{64}$/);
    const score = found.get('记分卡')!;
    const [, head] = score;
    const row = (name: string) => score.find(([first]) => first === name)!;
    const at = (name: string) => head!.indexOf(name);
    expect(row('净销售额')[at('实际')]).toBe('93000');
    expect(row('净销售额')[at('月份')]).toBe('2026-01-01');
    expect(row('净销售额')[at('环比')]).toBe('0.5');
    // 81 of 310.
    expect(row('复购率')[at('实际')]).toMatch(/^0\.26129/);
    const factors = found.get('变化与原因')!.filter(([, before]) => before !== undefined);
    expect(factors.find(([name]) => name === '净销售额')).toEqual(['净销售额', '62000', '93000', '31000']);
    expect(found.get('客户反馈')![0]![0]).toMatch(/^暂无数据：/);
    const [definitions, ...metrics] = found.get('指标口径')!;
    const query = metrics.find(([name]) => name === '订单数')![definitions!.indexOf('按月查询')]!;
    const { rows } = await t.report.query(query);
    expect(rows.at(-2)).toMatchObject({ month_on: '2026-01-01', amount: '620' });
  });

  test('keeps what people wrote as text, also what looks like a formula', async () => {
    const { version } = (await (await ask('GET', '/2026-01')).json()) as RetrospectiveRead;
    const text = '=HYPERLINK("http://evil.example")\n<b>&第二行';
    await ask('PUT', '/2026-01/1/text', { text, version }, 'analyst');
    const answer = await ask('GET', '/2026-01/1/xlsx');
    expect(answer.headers.get('content-disposition')).toContain(
      encodeURIComponent('Evergreen-retrospective-2026-01.xlsx'),
    );
    expect(Buffer.from(await answer.bytes()).toString('latin1')).not.toContain('<f>');
    const found = await sheets('/2026-01/1/xlsx', 'en');
    expect(found.get('Verdict')!.at(-1)).toEqual([text]);
  });

  test('of an earlier number has the figures of that number, whatever moved since', async () => {
    await sql`update app.order_day set returned_amount = 60 where day = '2026-01-31' and channel = 'online'`.execute(
      t.owner,
    );
    await ask('POST', '/2026-01', {}, 'analyst');
    const net = async (number: number) =>
      (await sheets(`/2026-01/${number}/xlsx`, 'en')).get('Scorecard')!.find(([name]) => name === 'Net sales')![2];
    expect([await net(1), await net(2)]).toEqual(['93000', '92940']);
    const named = (await ask('GET', '/2026-01/1/xlsx', undefined, 'manager', 'zh')).headers.get('content-disposition');
    expect(named).toContain(encodeURIComponent('Evergreen-月度复盘-2026-01-第1版.xlsx'));
  });
});

describe('who gets it', () => {
  test('is who may read it, and each file is noted', async () => {
    for (const format of ['pdf', 'xlsx']) {
      expect((await ask('GET', `/2026-01/1/${format}`, undefined, 'customer_service')).status).toBe(403);
      expect((await a.anyone('GET', `/api/_retrospectives/2026-01/1/${format}`)).status).toBe(401);
      expect((await ask('GET', `/2026-01/9/${format}`)).status).toBe(404);
      expect((await ask('GET', `/2026-13/1/${format}`)).status).toBe(400);
      expect((await ask('GET', `/2026-01/x/${format}`)).status).toBe(400);
    }
    await (await ask('GET', '/2026-01/1/xlsx', undefined, 'viewer')).bytes();
    const { rows } = await sql<{ actor: string; after: object }>`
      select actor, after from app.audit_entries
      where resource = 'retrospectives' and action = 'export' order by id desc limit 1
    `.execute(t.owner);
    expect(rows[0]).toMatchObject({
      actor: 'Test viewer',
      after: { format: 'xlsx', month_on: '2026-01-01', number: 1, lang: 'en' },
    });
  });

  test('without a Chromium is told what is missing; nothing is noted', async () => {
    const before = process.env.CHROMIUM;
    await closePress();
    process.env.CHROMIUM = '/nowhere/chromium';
    try {
      for (const [lang, said] of [
        ['zh', '没有可用的 Chromium'],
        ['en', 'no Chromium on the server'],
      ] as const) {
        const answer = await ask('GET', '/2026-01/1/pdf', undefined, 'manager', lang);
        expect(answer.status).toBe(503);
        const fault = (await answer.json()) as ApiError;
        expect([fault.key, fault.message.includes(said)]).toEqual(['no_chromium', true]);
      }
    } finally {
      if (before === undefined) delete process.env.CHROMIUM;
      else process.env.CHROMIUM = before;
      await closePress();
    }
    const { rows } = await sql`select from app.audit_entries where after ->> 'format' = 'pdf'`.execute(t.owner);
    expect(rows).toEqual([]);
  });
});
