/** What people read when something goes wrong, and that they read nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Resource } from '../../api/contract.ts';
import { f, resource } from '../../api/definition.ts';
import { apiError, fieldErrors, fromPostgres, type Problem, problem, retrying, toProblem } from '../../api/errors.ts';
import { MESSAGES, say } from '../../api/messages.ts';
import { checkPredicate } from '../../api/predicate.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

const API = join(import.meta.dirname, '../../api');

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
  await sql`create table app.gifts (
    id bigint primary key,
    code text not null constraint gifts_code_key unique,
    parent_id bigint references app.gifts on delete restrict,
    stock integer check (stock >= 0),
    starts_on date,
    ends_on date,
    constraint gifts_dates check (ends_on > starts_on),
    constraint gifts_overlap exclude using gist (daterange(starts_on, ends_on) with &&) where (starts_on is not null)
  )`.execute(t.owner);
  await sql`create unique index gifts_lower_idx on app.gifts (lower(code))`.execute(t.owner);
  await sql`create table app.gift_uses (gift_id bigint references app.gifts on delete restrict)`.execute(t.owner);
  await sql`insert into app.gifts (id, code, starts_on, ends_on) values (1, 'secret-code', '2026-01-01', '2026-02-01')`.execute(
    t.owner,
  );
  await sql`insert into app.gifts (id, code, parent_id) values (3, 'c', null), (4, 'd', 3)`.execute(t.owner);
  await sql`insert into app.gift_uses values (1)`.execute(t.owner);
});
afterAll(() => t.close());

const GIFTS: Resource = resource('gifts', {
  label: ['礼品', 'Gifts'],
  group: 'programme',
  title: 'code',
  fields: {
    code: f.text({ label: ['编码', 'Code'] }),
    parent_id: f.ref({ label: ['上级', 'Parent'], to: 'gifts' }),
    stock: f.integer({ label: ['库存', 'Stock'] }),
    starts_on: f.date({ label: ['开始', 'Starts'] }),
    ends_on: f.date({ label: ['结束', 'Ends'] }),
  },
  access: {},
  list: { columns: ['code'], sort: 'code' },
});

async function failure(statement: string): Promise<Problem> {
  try {
    await sql.raw(statement).execute(t.owner);
  } catch (error) {
    return fromPostgres(error, GIFTS);
  }
  throw new Error(`${statement} succeeded`);
}

function raise(options: string): string {
  return `do $$ begin raise exception using ${options}; end $$`;
}

/** [statement, status, key, field: key] */
const FAILURES: { [name: string]: [string, number, string, { [field: string]: string }?] } = {
  unique: [`insert into app.gifts (id, code) values (2, 'secret-code')`, 422, 'invalid', { code: 'unique' }],
  'unique over an expression': [
    `insert into app.gifts (id, code) values (2, 'SECRET-code')`,
    422,
    'invalid',
    { code: 'unique' },
  ],
  'unique without a field of its own': [`insert into app.gifts (id, code) values (1, 'b')`, 422, 'unique_record'],
  'not null': [`insert into app.gifts (id) values (2)`, 422, 'invalid', { code: 'required' }],
  'a reference to nothing': [
    `insert into app.gifts (id, code, parent_id) values (2, 'b', 99)`,
    422,
    'invalid',
    { parent_id: 'ref_missing' },
  ],
  'still used': ['delete from app.gifts where id = 1', 409, 'still_used'],
  'still used by its own kind': ['delete from app.gifts where id = 3', 409, 'still_used'],
  'check of one column': [
    `insert into app.gifts (id, code, stock) values (2, 'b', -1)`,
    422,
    'invalid',
    { stock: 'check' },
  ],
  'check of several columns': [
    `insert into app.gifts (id, code, starts_on, ends_on) values (2, 'b', '2027-01-02', '2027-01-01')`,
    422,
    'check_record',
  ],
  overlap: [
    `insert into app.gifts (id, code, starts_on, ends_on) values (2, 'b', '2026-01-02', '2026-01-03')`,
    409,
    'overlap',
  ],
  'too large for its type': [`update app.gifts set stock = 3000000000`, 422, 'bad_value'],
  'not of its type': [`select 'x'::integer`, 422, 'bad_value'],
  'out of time': ['set statement_timeout = 1; select pg_sleep(1)', 503, 'timeout'],
  'a mistake of ours': ['select * from app.no_such_table', 500, 'internal'],
  'own code with a field': [
    raise(`errcode = 'EG422', message = '时区无效 | No such zone', column = 'stock'`),
    422,
    'invalid',
    { stock: 'ops.eg422' },
  ],
  'own code': [raise(`errcode = 'EG404', message = '没有 | Gone'`), 404, 'ops.eg404'],
  'own code that is no status': [raise(`errcode = 'EG001', message = '不行'`), 409, 'ops.eg001'],
  deadlock: [raise(`errcode = '40P01'`), 503, 'try_again'],
  'too many connections': [raise(`errcode = '53300'`), 503, 'busy'],
  'too many connections, another class member': [raise(`errcode = '53200'`), 503, 'busy'],
};

describe('a failure of the database', () => {
  test.each(Object.entries(FAILURES))('%s', async (_, [statement, status, key, errors = {}]) => {
    const fault = await failure(statement);
    await sql`reset statement_timeout`.execute(t.owner);
    const body = apiError({ problem: fault, lang: 'en' });
    expect({ status: fault.status, key: body.key }).toEqual({ status, key });
    expect(Object.fromEntries(Object.entries(body.errors ?? {}).map(([field, error]) => [field, error.key]))).toEqual(
      errors,
    );
    for (const lang of ['zh', 'en'] as const) {
      // Neither SQL, nor names of tables and constraints, nor values of records.
      expect(JSON.stringify(apiError({ problem: fault, lang }))).not.toMatch(
        /gifts|secret|select|insert|_key|_fkey|pg_|22P|SQLSTATE/i,
      );
    }
  });

  test('names the field by its label', async () => {
    const fault = await failure(`insert into app.gifts (id, code) values (2, 'secret-code')`);
    expect(apiError({ problem: fault, lang: 'zh' }).errors?.code).toEqual({
      key: 'unique',
      message: '编码已被其他记录使用',
      params: { label: '编码' },
    });
  });

  test('says the hint of our own routines too', async () => {
    const fault = await failure(
      raise(`errcode = 'EG409', message = '已发布 | It is published', hint = '请先撤回 | Retire it first'`),
    );
    expect(apiError({ problem: fault, lang: 'zh' }).message).toBe('已发布。请先撤回');
    expect(apiError({ problem: fault, lang: 'en' }).message).toBe('It is published. Retire it first');
  });

  test('is kept as the cause, for the log', async () => {
    const fault = await failure('select * from app.no_such_table');
    expect((fault.cause as Error).message).toMatch(/no_such_table/);
  });
});

test('a predicate that was refused is a 400 that leads to the fault', () => {
  const context = { name: 'x', fields: { tier: { type: 'text', label: ['等级', 'Tier'] } } } as const;
  let fault: Problem | null = null;
  try {
    checkPredicate({ teir: { eq: 'a' } }, context);
  } catch (error) {
    fault = toProblem(error);
  }
  expect(fault?.status).toBe(400);
  expect(apiError({ problem: fault!, lang: 'zh', request_id: 'r1' })).toEqual({
    key: 'predicate.unknown_field',
    message: '没有字段“teir”，是否想写“tier”？',
    params: { path: 'teir', name: 'teir', meant: 'tier' },
    request_id: 'r1',
  });
});

test('what nobody foresaw tells nothing', () => {
  const body = apiError({ problem: toProblem(new TypeError('secret of undefined')), lang: 'en', request_id: 'r1' });
  expect(body).toEqual({ key: 'internal', message: say('en', 'internal'), request_id: 'r1' });
  expect(toProblem('thrown text').status).toBe(500);
  expect(toProblem(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })).key).toBe('database_away');
});

test('a unit of work is done again after a deadlock, a few times, and after nothing else', async () => {
  const failing = (code: string, times: number) => {
    let runs = 0;
    return async () => {
      runs += 1;
      if (runs <= times) {
        await sql
          .raw(raise(`errcode = '${code}', message = 'cached plan must not change result type'`))
          .execute(t.owner);
      }
      return runs;
    };
  };
  expect(await retrying(failing('40001', 2))).toBe(3);
  expect(await retrying(failing('40P01', 1))).toBe(2);
  expect(await retrying(failing('0A000', 1))).toBe(2);
  await expect(retrying(failing('40001', 3), 3)).rejects.toMatchObject({ code: '40001' });
  await expect(retrying(failing('23505', 1))).rejects.toMatchObject({ code: '23505' });
});

test('every sentence is there in both languages, with the same parameters', () => {
  for (const [key, [zh, en]] of Object.entries(MESSAGES)) {
    const words = zh.replace(/\{\w+\}|[\p{P}\s]/gu, '');
    if (words) expect(words, key).toMatch(/\p{Script=Han}/u);
    expect(en, key).not.toMatch(/\p{Script=Han}/u);
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    expect(names(zh), key).toEqual(names(en));
  }
});

test('every key that the API uses is in the dictionary', () => {
  const used = new Map<string, string>();
  for (const file of readdirSync(API, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const source = readFileSync(join(API, file), 'utf8');
    // problem(404, 'not_found'), new Fault('required'), { key: 'required' } of a field; not what brings its own words
    const uses = /(?:problem\(\s*\d{3},\s*|new Fault\(\s*|\{ key: )'([a-z_]+)'(?! \||, (?:text|message):)/g;
    for (const [, key] of source.matchAll(uses)) used.set(key!, file);
  }
  expect(used.size).toBeGreaterThan(40);
  expect([...used].filter(([key]) => !Object.hasOwn(MESSAGES, key))).toEqual([]);
});

test('labels are said in the language of the sentence, wherever they stand', () => {
  const label = ['名称', 'Name'] as const;
  expect(say('zh', 'required', { label })).toBe('请填写名称');
  expect(say('en', 'forbidden_fields', { fields: [label, ['电话', 'Phone']] })).toBe('You may not change: Name, Phone');
  expect(say('zh', 'forbidden_fields', { fields: [label, ['电话', 'Phone']] })).toBe('没有权限修改：名称、电话');
  expect(say('zh', 'a_key_nobody_wrote')).toBe('a_key_nobody_wrote');
  const { params } = apiError({ problem: problem(403, 'forbidden', { label }), lang: 'en' });
  expect(params).toEqual({ label: 'Name' });
  const { errors } = apiError({ problem: fieldErrors({ name: { key: 'required' } }), lang: 'zh' });
  expect(errors).toEqual({ name: { key: 'required', message: '请填写此项' } });
});
