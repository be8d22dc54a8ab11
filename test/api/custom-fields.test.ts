/** Fields added on a screen: from the next request on they are fields like all others. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiError, Facets, HistoryEntry, Meta, MetaResource, Row } from '../../api/contract.ts';
import { runJob } from '../../api/jobs.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench?.close());

const ask = (...given: Parameters<ReturnType<ImportBench['app']['as']>>) => bench.app.as('pii')(...given);

async function answer<T>(response: Response | Promise<Response>, status = 200): Promise<T> {
  const found = await response;
  const text = await found.text();
  expect(`${found.status} ${text}`).toMatch(new RegExp(`^${status} `));
  return (text ? JSON.parse(text) : null) as T;
}

async function addField(values: Row): Promise<Row> {
  const key = String(values.key);
  return answer<Row>(
    ask('POST', '/api/custom_fields', {
      resource: 'customers',
      kind: 'text',
      label: `标签 ${key}`,
      label_en: key,
      ...values,
    }),
    201,
  );
}

async function refused(values: Row): Promise<ApiError> {
  const body = { resource: 'customers', kind: 'text', label: '字段', label_en: 'Field', key: 'some_key', ...values };
  return answer<ApiError>(ask('POST', '/api/custom_fields', body), 422);
}

let count = 0;
async function addCustomer(values: Row = {}): Promise<Row> {
  return answer<Row>(ask('POST', '/api/customers', { external_id: `X${++count}`, ...values }), 201);
}

async function meta(name = 'customers', person: 'pii' | 'viewer' = 'pii'): Promise<MetaResource> {
  const found = await answer<Meta>(bench.app.as(person)('GET', '/api/_meta'));
  return found.resources.find((each) => each.name === name)!;
}

const ids = (rows: Row[]) => rows.map((row) => row.id);

describe('every kind', () => {
  const KINDS: { [kind: string]: { more?: Row; value: Row[string]; wrong: Row[string]; below?: string } } = {
    text: { more: { pattern: '[A-Z]{2}\\d{3}' }, value: 'AB123', wrong: 'AB12' },
    longtext: { value: 'a\nb', wrong: 7 },
    integer: { more: { minimum: '1', maximum: '9' }, value: 7, wrong: 10, below: '5' },
    decimal: { value: '2.5000', wrong: '2.50001', below: '1.5' },
    money: { value: '12.50', wrong: 'abc', below: '3' },
    rate: { value: '0.25', wrong: '1.5', below: '0.1' },
    boolean: { value: true, wrong: 'yes' },
    date: { value: '2026-02-28', wrong: '2026-02-30', below: '2026-01-01' },
    datetime: { value: '2026-03-01T08:00:00.000Z', wrong: 'noon', below: '2026-01-01T00:00:00Z' },
    choice: { more: { choices: [{ code: 'cake', label: '蛋糕', label_en: 'Cake' }] }, value: 'cake', wrong: 'beer' },
    choices: {
      more: {
        choices: [
          { code: 'a', label: '甲' },
          { code: 'b', label: '乙' },
        ],
      },
      value: ['b', 'a'],
      wrong: ['c'],
    },
    tags: { value: ['红', 'x,y'], wrong: 5 },
    email: { value: 'a@b.cn', wrong: 'a@' },
    phone: { value: '13812345678', wrong: '12' },
    color: { value: '#ff0000', wrong: 'red' },
    ref: { more: { to_resource: 'customers' }, value: null, wrong: 999_999 },
  };

  test.each(Object.entries(KINDS))('%s: saved, read, filtered, sorted, refused where wrong', async (kind, given) => {
    const key = `k_${kind}`;
    await addField({ key, kind, ...given.more });
    const value = kind === 'ref' ? (await addCustomer()).id! : given.value;
    const { id } = await addCustomer({ [key]: value });
    const blank = await addCustomer();

    expect(await answer<Row>(ask('GET', `/api/customers/${id}`))).toMatchObject({ [key]: value });
    const empty = Array.isArray(value) ? [] : null;
    expect(blank[key]).toEqual(empty);
    const fault = await answer<ApiError>(ask('PATCH', `/api/customers/${id}`, { [key]: given.wrong }), 422);
    expect(Object.keys(fault.errors!)).toEqual([key]);

    const list = (query: string) => answer<Row[]>(ask('GET', `/api/customers?${query}&_start=0&_end=50`));
    const said = encodeURIComponent(String(Array.isArray(value) ? value[0] : value));
    expect(ids(await list(`${key}=${said}`))).toEqual([id]);
    expect(ids(await list(`${key}_null=false`))).toEqual([id]);
    expect(ids(await list(`${key}_null=true`))).toContain(blank.id);
    if (given.below) expect(ids(await list(`${key}_gt=${given.below}`))).toEqual([id]);
    if (!Array.isArray(value)) expect(ids(await list(`_sort=${key}&_order=asc`))[0]).toBe(id);

    await answer(ask('PATCH', `/api/customers/${id}`, { [key]: empty }));
    expect(await answer<Row>(ask('GET', `/api/customers/${id}`))).toMatchObject({ [key]: empty });
    const row = await bench.t.db
      .selectFrom('app.customers')
      .select('extras')
      .where('id', '=', id as number)
      .executeTakeFirstOrThrow();
    expect(row.extras).toEqual({});
  });

  test('what stands there and no longer fits the kind is null everywhere, never an error', async () => {
    const { id } = await addCustomer();
    const wrong = Object.fromEntries(
      Object.keys(KINDS).map((kind) => [`k_${kind}`, kind === 'text' ? ['x'] : { odd: '2026-02-30T99:00:00Z' }]),
    );
    await bench.t.db
      .updateTable('app.customers')
      .set({
        extras: JSON.stringify({
          ...wrong,
          k_date: '2026-02-30',
          k_datetime: '2026-02-30T25:00:00.000Z',
          k_integer: '1e5',
        }),
      })
      .where('id', '=', id as number)
      .execute();

    const row = await answer<Row>(ask('GET', `/api/customers/${id}`));
    for (const kind of ['integer', 'decimal', 'money', 'rate', 'boolean', 'date', 'datetime', 'ref'])
      expect(row[`k_${kind}`], kind).toBeNull();
    expect(row.k_choices).toEqual([]);
    const sorts = Object.keys(KINDS).filter((kind) => !['choices', 'tags'].includes(kind));
    await answer(ask('GET', `/api/customers?_sort=${sorts.map((kind) => `k_${kind}`).join()}&_start=0&_end=5`));
    const { rows } = await bench.t.report.query('select * from report.customers_custom where id = $1', [id]);
    expect(rows[0]).toMatchObject({ k_date: null, k_datetime: null, k_integer: null, k_money: null });
  });

  test('leap days and the ends of months are dates, others are not', async () => {
    const days = [
      '2024-02-29',
      '2000-02-29',
      '2026-12-31',
      '1900-02-29',
      '2026-02-29',
      '2026-04-31',
      '2026-13-01',
      '0000-01-01',
    ];
    const { rows } = await sql<{ day: string | null }>`
      select app.date_of(day)::text as day from unnest(${days}::text[]) with ordinality as days (day, place) order by place
    `.execute(bench.t.db);
    expect(rows.map((row) => row.day)).toEqual([
      '2024-02-29',
      '2000-02-29',
      '2026-12-31',
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('through the same code as built-in fields', () => {
  beforeAll(async () => {
    await addField({
      key: 'gift',
      kind: 'choice',
      label: '生日礼偏好',
      label_en: 'Birthday gift',
      help: '生日当月送出',
      section: '档案',
      in_list: true,
      choices: [
        { code: 'cake', label: '蛋糕', label_en: 'Cake' },
        { code: 'flowers', label: '鲜花', label_en: 'Flowers' },
      ],
    });
    await addField({ key: 'visits', kind: 'integer', in_export: false, in_filter: false, in_form: false });
    await addField({ key: 'advisor', kind: 'text', pii: true });
  });

  test('the definitions have it: in the list, in its section, kept out where it is left out', async () => {
    const { fields, list, form } = await meta();
    expect(fields.gift).toMatchObject({ custom: true, kind: 'choice', label: ['生日礼偏好', 'Birthday gift'] });
    expect(list.columns).toContain('gift');
    expect(form!.find((each) => each.label[0] === '档案')!.fields.flat()).toContain('gift');
    expect(form!.flatMap((each) => each.fields.flat())).not.toContain('visits');
    expect(fields.visits).toMatchObject({ left_out: ['form', 'filter', 'export'] });
  });

  test('personal data is masked, and neither filtered nor sorted by who may not see it', async () => {
    const { id } = await addCustomer({ advisor: '王小明' });
    const seen = await answer<Row>(bench.app.as('operator')('GET', `/api/customers/${id}`));
    expect(seen.advisor).toMatch(/\*/);
    expect((await bench.app.as('operator')('GET', '/api/customers?advisor=x')).status).toBe(403);
    expect((await bench.app.as('operator')('GET', '/api/customers?_sort=advisor')).status).toBe(403);
    expect((await bench.app.as('operator')('PATCH', `/api/customers/${id}`, { advisor: 'x' })).status).toBe(403);
  });

  test('facets, free conditions and sums of rows count it', async () => {
    await addCustomer({ gift: 'cake', visits: 3 });
    await addCustomer({ gift: 'cake', visits: 4 });
    await addCustomer({ gift: 'flowers' });
    const { gift } = await answer<Facets>(ask('GET', '/api/customers/_facets?fields=gift'));
    expect(gift!.values.find((each) => each.value === 'cake')).toMatchObject({ count: 2 });
    const where = encodeURIComponent(JSON.stringify({ or: [{ visits: { gte: 4 } }, { gift: { in: ['flowers'] } }] }));
    expect(await answer<Row[]>(ask('GET', `/api/customers?_where=${where}`))).toHaveLength(2);
  });

  test('history tells it, and brings it back', async () => {
    const { id } = await addCustomer({ gift: 'cake' });
    await answer(ask('PATCH', `/api/customers/${id}`, { gift: 'flowers' }));
    const [latest] = await answer<HistoryEntry[]>(ask('GET', `/api/customers/${id}/_history`));
    expect(latest!.changes).toEqual({ gift: { before: 'cake', after: 'flowers' } });
    await answer(ask('POST', `/api/customers/${id}/_revert`, { entry: latest!.id }));
    expect(await answer<Row>(ask('GET', `/api/customers/${id}`))).toMatchObject({ gift: 'cake' });
  });

  test('many records are changed at once, and undone', async () => {
    const made = [await addCustomer({ gift: 'cake', visits: 1 }), await addCustomer({ visits: 2 })];
    const body = { ids: ids(made), set: { gift: 'flowers' }, clear: ['visits'] };
    const { bulk_id, changed } = await answer<{ bulk_id: number; changed: number }>(
      ask('POST', '/api/customers/_bulk', body),
    );
    expect(changed).toBe(2);
    const read = () => answer<Row[]>(ask('GET', `/api/customers?id_in=${ids(made).join()}&_sort=id`));
    expect((await read()).map((row) => [row.gift, row.visits])).toEqual([
      ['flowers', null],
      ['flowers', null],
    ]);
    await answer(ask('POST', `/api/customers/_bulk/${bulk_id}/_undo`));
    expect((await read()).map((row) => [row.gift, row.visits])).toEqual([
      ['cake', 1],
      [null, 2],
    ]);
  });

  test('exported and imported again it changes nothing; a changed cell changes that field alone', async () => {
    const { id, external_id } = await addCustomer({ gift: 'cake', k_tags: ['a'], k_money: '3.10', k_rate: '0.1' });
    const fields = 'external_id,gift,k_tags,k_choices,k_money,k_rate,k_date,k_boolean';
    const response = await ask('GET', `/api/customers/_export.csv?external_id=${external_id}&_fields=${fields}`);
    const file = await response.text();
    expect(file).toContain(',Cake,');
    const run = async (text: string) => bench.go((await bench.upload('customers', text)).id, 'run');

    expect(await run(file)).toMatchObject({ state: 'done', created: 0, updated: 0, unchanged: 1, wrong: 0 });
    expect(await run(file.replace('Cake', 'Flowers'))).toMatchObject({ updated: 1, wrong: 0 });
    expect(await answer<Row>(ask('GET', `/api/customers/${id}`))).toMatchObject({
      gift: 'flowers',
      k_money: '3.10',
      k_tags: ['a'],
    });
    expect(await run('external_id,gift,k_integer\nNEW1,cake,5\nNEW2,beer,5\nNEW3,,12\n')).toMatchObject({
      created: 1,
      wrong: 2,
    });
    expect(await answer<Row[]>(ask('GET', '/api/customers?external_id=NEW1'))).toMatchObject([
      { gift: 'cake', k_integer: 5 },
    ]);
  });

  test('an export of everything leaves out what is kept out of exports', async () => {
    const [head] = (await (await ask('GET', '/api/customers/_export.csv?_header=keys&external_id=X1')).text()).split(
      '\n',
    );
    expect(head).toContain('gift');
    expect(head).not.toContain('visits');
  });

  test('a record that is named cannot be deleted; the relation has its name', async () => {
    await addField({ resource: 'products', key: 'successor', kind: 'ref', to_resource: 'products' });
    const add = (values: Row) => answer<Row>(ask('POST', '/api/products', values), 201);
    const old = await add({ external_id: 'P1', name: 'Kettle' });
    const next = await add({ external_id: 'P2', name: 'Kettle 2' });
    await answer(ask('PATCH', `/api/products/${old.id}`, { successor: next.id }));
    expect(await answer<Row>(ask('GET', `/api/products/${old.id}?_labels=1`))).toMatchObject({
      $labels: { successor: 'Kettle 2' },
    });
    expect((await answer<ApiError>(ask('DELETE', `/api/products/${next.id}`), 409)).message).toContain('Kettle');
    expect(await answer(ask('GET', '/api/products/_options/successor?q=kettle'))).toHaveLength(2);
  });

  test('a required field is asked of what is saved from now on, not of records that are there', async () => {
    const { id } = await addCustomer();
    const field = await addField({ key: 'source_note', required: true });
    expect((await answer<ApiError>(ask('POST', '/api/customers', { external_id: 'R1' }), 422)).errors).toHaveProperty(
      'source_note',
    );
    await answer(ask('PATCH', `/api/customers/${id}`, { city: '上海' }));
    await answer(ask('PATCH', `/api/customers/${id}`, { source_note: '' }), 422);
    await answer(ask('PATCH', `/api/custom_fields/${field.id}`, { required: false }));
    await addCustomer();
  });

  test('people who write different fields of one record at the same time lose nothing', async () => {
    const { id } = await addCustomer();
    const changes = [
      { gift: 'cake' },
      { visits: 5 },
      { advisor: 'a' },
      { k_money: '1.00' },
      { k_tags: ['t'] },
      { k_boolean: true },
      { city: 'x' },
    ];
    for (let round = 0; round < 3; round++) {
      const done = await Promise.all(changes.map((each) => ask('PATCH', `/api/customers/${id}`, each)));
      // Who met too many others is told to try again, and does.
      for (const [at, { status }] of done.entries())
        if (status !== 200) await answer(ask('PATCH', `/api/customers/${id}`, changes[at]!));
    }
    expect(await answer<Row>(ask('GET', `/api/customers/${id}`))).toMatchObject(Object.assign({}, ...changes) as Row);
  });

  test('equality is found by the index of the extras', async () => {
    await sql`insert into app.customers (external_id, enrolled_on, extras) select 'many' || n, '2026-01-01', jsonb_build_object('gift', case when n % 5000 = 0 then 'flowers' else 'cake' end, 'visits', n) from generate_series(1, 20000) as n`.execute(
      bench.t.db,
    );
    await sql`analyze app.customers`.execute(bench.t.owner);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select id from base.customers as t where (t.extras @> '{"gift":"flowers"}'::jsonb and (t.extras ->> 'gift') = 'flowers')
    `.execute(bench.t.owner);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('customers_extras_idx');
    expect(
      (await answer<Row[]>(ask('GET', '/api/customers?gift=flowers&external_id_sw=many&_start=0&_end=50'))).length,
    ).toBe(4);
    expect(await answer<Row[]>(ask('GET', '/api/customers?visits=77&external_id_sw=many'))).toHaveLength(1);
  });

  test('a field that asks for it gets an index for sorting, which goes with it', async () => {
    const [field] = await answer<Row[]>(ask('GET', '/api/custom_fields?key=visits'));
    const indexes = async () =>
      (
        await sql<{
          name: string;
        }>`select indexname::text as name from pg_indexes where indexname ~ '^custom_field_[0-9]'`.execute(bench.t.db)
      ).rows.length;
    await answer(ask('PATCH', `/api/custom_fields/${field!.id}`, { indexed: true }));
    expect(await runJob(bench.app.deps, 'custom_field_upkeep', '2026-03-01')).toMatchObject({
      state: 'done',
      rows_written: 1,
    });
    expect(await indexes()).toBe(1);
    // A new index serves once the transactions that were open when it was made, of other tests too, have ended.
    await vi.waitFor(
      async () => {
        const { rows } = await sql<{ 'QUERY PLAN': string }>`
          explain select t.id from app.customers as t order by app.integer_of(t.extras ->> 'visits'), t.id limit 25
        `.execute(bench.t.owner);
        expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('custom_field_');
      },
      { timeout: 20_000, interval: 300 },
    );
    await answer(ask('PATCH', `/api/custom_fields/${field!.id}`, { indexed: false }));
    await runJob(bench.app.deps, 'custom_field_upkeep', '2026-03-01');
    expect(await indexes()).toBe(0);
  });
});

describe('what may be added', () => {
  test.each([
    [{ key: 'Birthday' }, 'key'],
    [{ key: 'a b' }, 'key'],
    [{ key: 'x"; drop view report.customers_custom; --' }, 'key'],
    [{ key: 'constructor' }, 'key'],
    [{ key: 'extras' }, 'key'],
    [{ key: 'and' }, 'key'],
    [{ key: 'name_like' }, 'key'],
    [{ key: 'city' }, 'key'],
    [{ key: 'recency_days' }, 'key'],
    [{ key: 'gift' }, 'key'],
    [{ kind: 'choice' }, 'choices'],
    [
      {
        kind: 'choice',
        choices: [
          { code: 'a', label: 'a' },
          { code: 'a', label: 'b' },
        ],
      },
      'choices.1.code',
    ],
    [{ kind: 'ref' }, 'to_resource'],
    [{ kind: 'integer', minimum: '5', maximum: '4' }, 'maximum'],
    [{ pattern: '[a-' }, 'pattern'],
    [{ pattern: '(a+)+$' }, 'pattern'],
    [{ pattern: '(a|aa)*' }, 'pattern'],
    [{ pattern: '(?=x)' }, 'pattern'],
    [{ resource: 'orders' }, 'resource'],
    [{ resource: 'users; --' }, 'resource'],
    [{ label: '' }, 'label'],
  ] as const)('%o is refused at %s', async (values, field) => {
    expect(Object.keys((await refused(values as unknown as Row)).errors!)).toEqual([field]);
  });

  test('only resources whose table has a place for it are offered, without naming one here', async () => {
    const { fields } = await meta('custom_fields');
    const offered = fields.resource!.kind === 'choice' ? Object.keys(fields.resource!.choices) : [];
    const { rows } = await sql<{ name: string }>`
      select table_name::text as name from information_schema.columns where table_schema = 'app' and column_name = 'extras'
    `.execute(bench.t.owner);
    expect(offered.sort()).toEqual(rows.map((row) => row.name).sort());
  });

  test('key and kind are fixed at the first value, hiding and deleting keep the values', async () => {
    const field = await addField({ key: 'shoe_size', kind: 'integer' });
    await answer(ask('PATCH', `/api/custom_fields/${field.id}`, { key: 'shoe', kind: 'text' }));
    await answer(ask('PATCH', `/api/custom_fields/${field.id}`, { key: 'shoe_size', kind: 'integer' }));
    const { id } = await addCustomer({ shoe_size: 42 });
    const kind = await answer<ApiError>(ask('PATCH', `/api/custom_fields/${field.id}`, { kind: 'text' }), 422);
    expect(Object.keys(kind.errors!)).toEqual(['kind']);
    const key = await answer<ApiError>(ask('PATCH', `/api/custom_fields/${field.id}`, { key: 'shoe' }), 422);
    expect(key.errors!.key!.message).toContain('hide it');

    await answer(ask('PATCH', `/api/custom_fields/${field.id}`, { active: false }));
    expect(await answer<Row>(ask('GET', `/api/customers/${id}`))).not.toHaveProperty('shoe_size');
    expect((await ask('GET', '/api/customers?shoe_size=42')).status).toBe(400);
    await answer(ask('PATCH', `/api/customers/${id}`, { gift: 'cake' }));
    await answer(ask('PATCH', `/api/custom_fields/${field.id}`, { active: true }));
    expect(await answer<Row>(ask('GET', `/api/customers/${id}`))).toMatchObject({ shoe_size: 42, gift: 'cake' });
    await answer(ask('DELETE', `/api/custom_fields/${field.id}`));
    await addField({ key: 'shoe_size', kind: 'date' });
    expect(await answer<Row>(ask('GET', `/api/customers/${id}`))).toMatchObject({ shoe_size: null });
  });

  test('a choice that records have cannot be removed', async () => {
    const [field] = await answer<Row[]>(ask('GET', '/api/custom_fields?key=gift'));
    await addCustomer({ gift: 'flowers' });
    const choices = (field!.choices as Row[]).filter((each) => each.code !== 'flowers');
    const fault = await answer<ApiError>(ask('PATCH', `/api/custom_fields/${field!.id}`, { choices }), 422);
    expect(fault.errors!.choices!.message).toContain('flowers');
  });

  test('who may not change fields cannot', async () => {
    const body = { resource: 'customers', key: 'mine', kind: 'text', label: 'x', label_en: 'x' };
    expect((await bench.app.as('viewer')('POST', '/api/custom_fields', body)).status).toBe(403);
  });
});

describe('views for reports', () => {
  const columns = async () =>
    (await bench.t.report.query('select * from report.customers_custom limit 0')).fields.map((field) => field.name);

  test('a field is a column at once, typed, for the report login; personal data is none', async () => {
    await addField({
      key: 'vip_since',
      kind: 'date',
      label: "o'clock \\ $$ ; --",
      help: "x'); drop table app.customers; --",
    });
    const { id } = await addCustomer({ vip_since: '2025-05-05', k_money: '8.80', gift: 'cake' });
    const { rows } = await bench.t.report.query(
      'select vip_since, k_money, gift from report.customers_custom where id = $1',
      [id],
    );
    expect(rows).toEqual([{ vip_since: '2025-05-05', k_money: '8.80', gift: 'cake' }]);
    const found = await columns();
    expect(found[0]).toBe('id');
    expect(found).not.toContain('advisor');
    expect(found).not.toContain('k_email');
    expect(found).not.toContain('k_phone');
    expect(found).not.toContain('extras');
    const comment = await sql<{ text: string }>`
      select col_description('report.customers_custom'::regclass, attnum) as text from pg_attribute
      where attrelid = 'report.customers_custom'::regclass and attname = 'vip_since'
    `.execute(bench.t.db);
    expect(comment.rows[0]!.text).toBe("o'clock \\ $$ ; --\nx'); drop table app.customers; --");
  });

  test('the report login reads nothing else by it', async () => {
    await expect(bench.t.report.query('select * from app.customers')).rejects.toThrow('permission denied');
    await expect(bench.t.report.query('select ops.make_custom_views()')).rejects.toThrow('permission denied');
  });

  test('rows that name what is no table of added fields make nothing', async () => {
    const hostile = ['users', 'pg_class', 'sessions', 'customers" as x; drop table app.tiers; --', 'app.customers'];
    for (const resource of hostile) {
      await bench.t.db
        .insertInto('app.custom_fields')
        .values({ resource, key: 'password_hash', kind: 'text', label: 'x', label_en: 'x' })
        .execute();
    }
    await sql`select ops.make_custom_views()`.execute(bench.t.db);
    const { rows } = await sql<{ name: string }>`
      select relname::text as name from pg_class where relnamespace = 'report'::regnamespace and relname like '%\\_custom' and relkind = 'v' order by 1
    `.execute(bench.t.db);
    expect(rows.map((row) => row.name)).toEqual(['customers_custom', 'products_custom']);
    await bench.t.db.deleteFrom('app.custom_fields').where('resource', 'in', hostile).execute();
    await expect(
      bench.t.db
        .insertInto('app.custom_fields')
        .values({ resource: 'customers', key: 'a", (select 1) as "b', kind: 'text', label: 'x', label_en: 'x' })
        .execute(),
    ).rejects.toThrow('check constraint');
  });

  test('a view that somebody reads does not hold up the save, and follows soon', async () => {
    const reader = await bench.t.report.connect();
    await reader.query('begin');
    await reader.query('select * from report.customers_custom limit 1');
    await addField({ key: 'late_column' });
    expect(await columns()).not.toContain('late_column');
    await reader.query('commit');
    reader.release();
    await runJob(bench.app.deps, 'custom_field_upkeep', '2026-03-02');
    expect(await columns()).toContain('late_column');
  });
});
