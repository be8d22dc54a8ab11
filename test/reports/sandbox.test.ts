/** What a report must not be able to do: refused by the parser, and a second time by rights, transaction and timer. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReportCheck } from '../../api/contract-reports.ts';
import type { CompileContext } from '../../api/report/compile.ts';
import { askReport } from '../../api/report/connection.ts';
import { limited } from '../../api/report/describe.ts';
import { reportStore } from '../../api/report/store.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { compile, problemOf, reportText, reportWorld } from './report-fixture.ts';

let t: TestDatabase;
let context: CompileContext;
let app: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  context = await reportWorld(t);
  app = await testApp(t);
});
afterAll(async () => {
  if (app) reportStore(app.deps).close();
  await t?.close();
});

const one = (expression: string) =>
  `select sold_on, channel, orders from report.sales where (${expression}) is not null`;
const from = (relation: string) => `select sold_on, channel, orders from report.sales, ${relation}`;

/** [what, the select, the code of the parser's refusal] */
const ESCAPES: [what: string, select: string, code: string][] = [
  ['set_config', one("set_config('statement_timeout', '0', false)"), 'function_not_allowed'],
  [
    'set_config by its full name',
    one("pg_catalog.set_config('statement_timeout', '0', false)"),
    'function_not_allowed',
  ],
  ['set_config quoted', one(`"set_config"('statement_timeout', '0', false)`), 'function_not_allowed'],
  ['set_config in unicode', one(`U&"\\0073et_config"('statement_timeout', '0', false)`), 'function_not_allowed'],
  ['current_setting', one("current_setting('data_directory')"), 'function_not_allowed'],
  ['pg_sleep', one('pg_sleep(100)'), 'function_not_allowed'],
  ['pg_sleep in a column of a subquery', from('(select pg_sleep(100)) s'), 'function_not_allowed'],
  ['pg_sleep in from', from('pg_sleep(100) s'), 'function_not_allowed'],
  ['pg_sleep in rows from', from('rows from (pg_sleep(100), generate_series(1, 2)) s'), 'function_not_allowed'],
  [
    'pg_sleep in a filter',
    'select sold_on, channel, count(*) filter (where pg_sleep(9) is null) as orders from report.sales group by 1, 2',
    'function_not_allowed',
  ],
  [
    'pg_sleep in a window',
    'select sold_on, channel, sum(orders) over (order by pg_sleep(9)) as orders from report.sales',
    'function_not_allowed',
  ],
  [
    'pg_sleep in a named window',
    'select sold_on, channel, sum(orders) over w as orders from report.sales window w as (order by pg_sleep(9))',
    'function_not_allowed',
  ],
  [
    'pg_sleep in limit',
    'select sold_on, channel, orders from report.sales limit (select 1 from pg_sleep(9))',
    'function_not_allowed',
  ],
  ['pg_sleep in values', from('(values (pg_sleep(9))) s'), 'function_not_allowed'],
  [
    'pg_sleep in a join condition',
    'select sold_on, channel, orders from report.sales inner join (select 1 as n) s on pg_sleep(9) is null',
    'function_not_allowed',
  ],
  [
    'pg_sleep in a union',
    'select sold_on, channel, orders from report.sales union all select null, pg_sleep(9)::text, 1',
    'function_not_allowed',
  ],
  ['pg_sleep as a field of a value', one('(100::float8).pg_sleep'), 'field_not_allowed'],
  ['reading a file as a field of a value', one("('/etc/passwd'::text).pg_read_file"), 'field_not_allowed'],
  ['a function as a field of a row', one('sales.pg_column_size'), 'function_not_allowed'],
  ['pg_read_file', one("pg_read_file('/etc/passwd')"), 'function_not_allowed'],
  ['lo_create', one('lo_create(0)'), 'function_not_allowed'],
  ['lo_import', one("lo_import('/etc/passwd')"), 'function_not_allowed'],
  ['query_to_xml', one("query_to_xml('select * from app.customers', true, true, '')"), 'function_not_allowed'],
  ['table_to_xml', one("table_to_xml('app.customers', true, true, '')"), 'function_not_allowed'],
  ['ts_stat', from("ts_stat('select 1') s"), 'function_not_allowed'],
  ['dblink', from("dblink('', 'select 1') as s (n int)"), 'function_not_allowed'],
  ['an advisory lock', one('pg_advisory_lock(1)'), 'function_not_allowed'],
  ['nextval', one("nextval('app.customers_id_seq')"), 'function_not_allowed'],
  ['txid_current', one('txid_current()'), 'function_not_allowed'],
  ['pg_notify', one("pg_notify('evergreen_events', '{}')"), 'function_not_allowed'],
  ['pg_terminate_backend', one('pg_terminate_backend(1)'), 'function_not_allowed'],
  ['random', one('random()'), 'function_not_allowed'],
  ['a huge text from a short one', one("repeat('x', 1000000000)"), 'function_not_allowed'],
  ['a huge text by padding', one("lpad('x', 1000000000)"), 'function_not_allowed'],
  ['a padding whose length is computed', one("lpad('x', orders::int)"), 'function_not_allowed'],
  ['a function of our own', one('ops.mark_dirty()'), 'function_not_allowed'],
  ['a function of an extension', one("public.similarity('a', 'b')"), 'function_not_allowed'],
  ['the clock', one('clock_timestamp()'), 'clock'],
  ['who asks', one('current_user'), 'clock'],
  ['the session', one('session_user'), 'clock'],
  ['a table of ours', from('app.customers'), 'relation_not_allowed'],
  ['a building block', from('base.customers'), 'relation_not_allowed'],
  ['the catalogue', from('pg_catalog.pg_class'), 'relation_not_allowed'],
  ['the catalogue by the search path', from('pg_class'), 'relation_not_allowed'],
  ['the settings', from('pg_settings'), 'relation_not_allowed'],
  ['information_schema', from('information_schema.tables'), 'relation_not_allowed'],
  ['another database', from('other.report.sales'), 'relation_not_allowed'],
  [
    'the catalogue under a name of with, outside its reach',
    `select sold_on, channel, orders from report.sales where exists (with s as (select 1) select 1 from s) and exists (select 1 from s)`,
    'relation_not_allowed',
  ],
  [
    'the catalogue inside the with that bears its name',
    'with customers as (select * from customers) select sold_on, channel, orders from report.sales, customers',
    'relation_not_allowed',
  ],
  [
    'a with named like the catalogue',
    'with pg_class as (select 1) select sold_on, channel, orders from report.sales, pg_class',
    'bad_name',
  ],
  ['a cast into the catalogue', one("'app.customers'::regclass"), 'type_not_allowed'],
  ['a cast into a procedure', one("'pg_sleep'::regproc"), 'type_not_allowed'],
  ['a cast to a row type of ours', one('null::app.customers'), 'type_not_allowed'],
  ['xml', one('xmlelement(name a, 1)'), 'sql_not_allowed'],
  ['xmltable', from("xmltable('/a' passing null columns n int) x"), 'sql_not_allowed'],
  ['json_table', from("json_table('[]', '$' columns (n int path '$')) j"), 'sql_not_allowed'],
  ['tablesample', 'select sold_on, channel, orders from report.sales tablesample system (1)', 'sql_not_allowed'],
  ['an operator by its schema', one('1 operator(public.%) 2'), 'operator_not_allowed'],
  ['select into', 'select sold_on, channel, orders into temp t from report.sales', 'select_into'],
  ['for update', 'select sold_on, channel, orders from report.sales for update', 'locking'],
  ['for share in a subquery', from('(select 1 from report.sales for share) s'), 'locking'],
  [
    'a with that deletes',
    'with gone as (delete from report.sales returning *) select sold_on, channel, orders from gone',
    'writes',
  ],
  [
    'a with that inserts',
    'with made as (insert into app.products (external_id, name) values (1, 2) returning 1) select sold_on, channel, orders from report.sales',
    'writes',
  ],
  [
    'a with that updates',
    'with made as (update app.customers set name = null returning 1) select sold_on, channel, orders from report.sales',
    'writes',
  ],
  [
    'a merge',
    'with m as (merge into app.products using app.orders on true when matched then delete returning 1) select sold_on, channel, orders from report.sales',
    'writes',
  ],
  ['copy to a program', "copy (select 1) to program 'id'", 'not_a_select'],
  ['copy out', "copy report.sales to '/tmp/sales'", 'not_a_select'],
  ['a prepared statement', 'prepare p as select 1', 'not_a_select'],
  ['running one', 'execute p', 'not_a_select'],
  ['a temp table', 'create temp table t as select 1', 'not_a_select'],
  ['a temp view of a table of ours', 'create temp view v as select * from app.customers', 'not_a_select'],
  ['a temp table of somebody', from('pg_temp.t'), 'relation_not_allowed'],
  ['a cursor', 'declare c cursor for select 1', 'not_a_select'],
  ['lifting the timeout', 'set statement_timeout = 0', 'not_a_select'],
  ['another role', 'set role postgres', 'not_a_select'],
  ['ending the transaction', 'commit', 'not_a_select'],
  ['notify', "notify evergreen_events, '{}'", 'not_a_select'],
  ['listen', 'listen evergreen_events', 'not_a_select'],
  ['a procedure', 'call ops.refresh()', 'not_a_select'],
  ['loading a library', "load 'x'", 'not_a_select'],
  ['table', 'table app.customers', 'relation_not_allowed'],
  ['cursor_to_xml', one("cursor_to_xml('c', 1, true, true, '')"), 'function_not_allowed'],
  ['schema_to_xml', one("schema_to_xml('app', true, true, '')"), 'function_not_allowed'],
  ['database_to_xml', one("database_to_xml(true, true, '')"), 'function_not_allowed'],
  ['lo_export', one("lo_export(1, '/tmp/x')"), 'function_not_allowed'],
  ['dblink_exec', one("dblink_exec('', 'select 1')"), 'function_not_allowed'],
  ['pg_ls_dir', from("pg_ls_dir('.') s"), 'function_not_allowed'],
  ['pg_cancel_backend', one('pg_cancel_backend(1)'), 'function_not_allowed'],
  ['a setting of the transaction', one("set_config('transaction_read_only', 'off', true)"), 'function_not_allowed'],
  ['a do block', 'do $$ begin perform pg_sleep(9); end $$', 'not_a_select'],
  ['explain analyze', 'explain analyze select 1', 'not_a_select'],
  [
    'a second statement',
    'select sold_on, channel, orders from report.sales; set statement_timeout = 0',
    'two_statements',
  ],
  [
    'the end of the wrapping',
    'select sold_on, channel, orders from report.sales) q; drop schema app; select * from (select 1',
    'two_statements',
  ],
  [
    'the end of the wrapping without a semicolon',
    'select sold_on, channel, orders from report.sales) q union select (select 1',
    'sql_syntax',
  ],
  ['a comment that swallows the wrapping', 'select sold_on, channel, orders from report.sales /*', 'sql_syntax'],
];

describe('the parser', () => {
  test.each(ESCAPES)('refuses %s', async (_what, select, code) => {
    const problem = await problemOf(reportText({ select }), context);
    expect(problem.code).toBe(code);
    expect(problem.line).toBeGreaterThanOrEqual(10);
    // The same through the preview of the editor.
    const answer = await app.as('analyst')('POST', '/api/_report-editor/check', {
      text: reportText({ select }),
      run: true,
    });
    expect((await answer.json()) as ReportCheck).toMatchObject({ problem: { code }, result: null, definition: null });
  });

  test('takes a comment at the end, a semicolon, unions, windows, grouping sets, lateral joins and recursive with', async () => {
    for (const select of [
      'select sold_on, channel, orders from report.sales; -- done',
      'select sold_on, channel, orders from report.sales union all select sold_on, channel, orders from report.sales',
      'select sold_on, channel, sum(orders) over w as orders from report.sales window w as (partition by channel order by sold_on rows between 2 preceding and current row)',
      'select sold_on, channel, sum(orders) as orders from report.sales group by grouping sets ((sold_on, channel), (sold_on)) having grouping(channel) < 2',
      'select s.sold_on, s.channel, x.orders from report.sales s cross join lateral (select max(o.orders) as orders from report.sales o where o.channel = s.channel) x',
      "with recursive days as (select date '2026-03-01' as day union all select day + 1 from days where day < date '2026-03-09') select day as sold_on, 'online' as channel, 1 as orders from days",
      "select sold_on, channel, jsonb_array_length(jsonb_build_array(1, orders)) as orders from report.sales where sold_on between date '2026-01-01' and :today",
      'select sold_on, (array_agg(channel order by orders desc))[1] as channel, orders from report.sales group by sold_on, orders',
    ]) {
      await expect(compile(reportText({ select }), context), select).resolves.toBeTruthy();
    }
  });
});

const raw = (text: string, timeout_ms = 1000) =>
  askReport(t.report, { text, values: [], timeout_ms, time_zone: 'Asia/Shanghai' });
const code = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

/** Weeks of counting, which keeps nothing of what it counts. */
const ENDLESS = 'select count(*) from (select generate_series(1, 1000000000000)) as endless';
/** Who runs it. */
const busy = async () => {
  const found = await sql<{
    pid: number;
  }>`select pid from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query like '%endless%'`.execute(
    t.owner,
  );
  return found.rows;
};

/** The report pool, without the statement timeout, which leaves the second timer. @param change what else is different of a client */
const lifted = (change: object = {}) =>
  ({
    connect: async () => {
      const client = await t.report.connect();
      const { connection } = client as unknown as { connection: { parse(message: { text: string }): void } };
      const parse = connection.parse.bind(connection);
      connection.parse = (message) => {
        const text = message.text.replace(/^set local statement_timeout = .*/, 'set local statement_timeout = 0');
        parse({ ...message, text });
      };
      const release = client.release.bind(client);
      Object.assign(client, {
        ...change,
        release: (broken?: boolean) => {
          Object.assign(connection, { parse });
          Object.assign(client, { release });
          release(broken);
        },
      });
      return client;
    },
  }) as unknown as typeof t.report;

describe('with the parser passed by', () => {
  test('the report login reads nothing but schema report', async () => {
    for (const relation of ['app.customers', 'base.customers', 'app.users', 'app.sessions', 'app.report_versions']) {
      expect(await code(raw(`select * from ${relation}`)), relation).toBe('42501');
    }
    expect((await raw('select count(*) from report.sales')).rows).toEqual([[4]]);
  });

  test('nothing is written', async () => {
    expect(await code(raw('create temp table t (n int)'))).not.toBe('done');
    expect(await code(raw('select lo_create(0)'))).not.toBe('done');
    expect(await code(raw('delete from report.sales'))).not.toBe('done');
    expect(await code(raw("select nextval('app.customers_id_seq')"))).not.toBe('done');
  });

  test('a second statement is refused by the protocol', async () => {
    expect(await code(raw('select 1; select 2'))).toBe('42601');
    expect(await code(raw(limited('select 1) q; select * from (select 2', 5)))).toBe('42601');
  });

  test('a slow statement ends at its time', async () => {
    expect(await code(raw(ENDLESS, 300))).toBe('57014');
  });

  test('a statement that lifts its own time is ended by the second timer, or may not lift it', async () => {
    const ended = await code(raw(`select set_config('statement_timeout', '0', false), (${ENDLESS})`, 300));
    expect(['57014', '42501']).toContain(ended);
  });

  test('a statement without any timeout of its own is cancelled by the second timer, and its connection can be used again', async () => {
    const limits = { values: [], timeout_ms: 300, time_zone: 'UTC' };
    expect(await code(askReport(lifted(), { ...limits, text: ENDLESS }))).toBe('57014');
    await expect.poll(async () => (await busy()).length).toBe(0);
  });

  test('a server that does not hear the cancel is hung up on, and the pool stays whole', async () => {
    const deaf = lifted({ processID: 2 ** 30 });
    const limits = { values: [], timeout_ms: 100, time_zone: 'UTC' };
    expect(await code(askReport(deaf, { ...limits, text: ENDLESS }))).toBe('57014');
    expect((await raw('select 1')).rows).toEqual([[1]]);
    expect(t.report.totalCount).toBeLessThanOrEqual(t.report.options.max!);
    // It still works, for nobody.
    const left = await busy();
    expect(left.length).toBe(1);
    await sql`select pg_terminate_backend(${left[0]!.pid})`.execute(t.owner);
  });

  test('nothing runs when the transaction cannot be opened as it should', async () => {
    const zone = {
      text: 'select count(*) from report.sales',
      values: [],
      timeout_ms: 1000,
      time_zone: 'Nowhere/Never',
    };
    expect(await code(askReport(t.report, zone))).not.toBe('done');
    expect((await raw('select 1')).rows).toEqual([[1]]);
  });

  test('a kept statement has the same limits each time, and is made again when a view under it was rebuilt', async () => {
    const keep = { values: [], timeout_ms: 300, time_zone: 'Asia/Shanghai', keep: true };
    for (let turn = 0; turn < 8; turn++) {
      const [row] = (await askReport(t.report, { ...keep, text: "select current_setting('transaction_read_only')" }))
        .rows;
      expect(row).toEqual(['on']);
      expect(await code(askReport(t.report, { ...keep, text: ENDLESS }))).toBe('57014');
    }
    await sql`create view report.rebuilt as select 1 as n`.execute(t.owner);
    await sql`grant select on report.rebuilt to public`.execute(t.owner);
    const text = 'select * from report.rebuilt';
    const all = async () =>
      Promise.all(Array.from({ length: 4 }, async () => (await askReport(t.report, { ...keep, text })).rows));
    expect(await all()).toEqual(Array(4).fill([[1]]));
    await sql`drop view report.rebuilt`.execute(t.owner);
    await sql`create view report.rebuilt as select 'new'::text as n`.execute(t.owner);
    await sql`grant select on report.rebuilt to public`.execute(t.owner);
    expect(await all()).toEqual(Array(4).fill([['new']]));
  });

  test('a kept statement that fails, at once or at a row, can be asked again', async () => {
    const keep = { timeout_ms: 1000, time_zone: 'UTC', keep: true };
    const divided = 'select 1 / (n - $1::int) from (values (1), (2)) as numbers (n)';
    const over = (by: number) => askReport(t.report, { ...keep, text: divided, values: [by] });
    for (let turn = 0; turn < 6; turn++) {
      expect(await code(askReport(t.report, { ...keep, text: 'select 1 / 0', values: [] }))).toBe('22012');
      expect(await code(over(2))).toBe('22012');
      expect((await over(0)).rows).toEqual([[1], [0]]);
      expect(await code(askReport(t.report, { ...keep, text: divided, values: ['x'] }))).toBe('22P02');
    }
  });

  test('lists of values arrive as they are', async () => {
    const list = ['a', 'b,c', '{d}', 'e"f', 'g\\h', '', 'null', '常青', ' '];
    const values = [list, [1, 2, null], 2.5, true, null];
    const text = 'select to_jsonb($1::text[])::text, $2::int[]::text, $3::numeric, $4::boolean, $5::text is null';
    const { rows } = await askReport(t.report, { text, values, timeout_ms: 1000, time_zone: 'UTC' });
    expect(JSON.parse(rows[0]![0] as string)).toEqual(list);
    expect(rows[0]!.slice(1)).toEqual(['{1,2,NULL}', '2.5', true, true]);
  });

  test('what a statement sets for its session is gone for the next one, and the pool stays whole', async () => {
    await code(
      raw("select set_config('search_path', 'app', false), set_config('default_transaction_read_only', 'off', false)"),
    );
    for (let turn = 0; turn < 8; turn++) {
      const { rows } = await raw(
        "select current_setting('search_path'), current_setting('default_transaction_read_only')",
      );
      expect(rows[0]?.[0]).not.toBe('app');
      expect(rows[0]?.[1]).toBe('on');
    }
  });

  test('the transaction stays read-only whatever is set inside it', async () => {
    expect(await code(raw("select set_config('transaction_read_only', 'off', true)"))).not.toBe('done');
  });
});
