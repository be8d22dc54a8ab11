/** Conventions of the database, read from its catalogue. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadResources } from '../../api/definitions.ts';
import { checkDefinitions } from '../../api/records/check-definitions.ts';
import { type Catalogue, readCatalogue, relationsOf } from '../../api/storage/catalogue.ts';
import { readMigrations, readObjects, readSql } from '../../api/storage/sql-files.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let catalogue: Catalogue;
beforeAll(async () => {
  t = await testDatabase();
  catalogue = await readCatalogue(t.owner);
});
afterAll(() => t.close());

async function rowsOf<Row>(name: string): Promise<Row[]> {
  return (await sql.raw<Row>(readSql(`catalogue/${name}.sql`)).execute(t.owner)).rows;
}

test('a file makes the one object it is named after, and every rebuilt object has its file', () => {
  const made = [
    ...[...relationsOf(catalogue).keys()].filter((name) => !name.startsWith('app.')),
    ...catalogue.routines
      // What an index of a table is made over comes with a migration.
      .filter((each) => each.schema_name !== 'app')
      .map((each) => `${each.schema_name}.${each.routine_name}`),
  ];
  expect(made.sort()).toEqual(
    readObjects()
      .map((file) => file.object)
      .sort(),
  );
});

test('migrations are numbered without gaps', () => {
  expect(readMigrations().map((each) => each.number)).toEqual(readMigrations().map((_, index) => index + 1));
});

test('every table has a comment', () => {
  const silent = catalogue.columns.filter((each) => each.relation_kind === 'table' && !each.relation_comment);
  expect([...new Set(silent.map((each) => each.relation_name))]).toEqual([]);
});

test('the comment of a view is its label and, on the second line, what one row is', () => {
  const wrong = catalogue.columns.filter(
    (each) => each.relation_kind === 'view' && !/^\S.*\nOne row\b/.test(each.relation_comment ?? ''),
  );
  expect([...new Set(wrong.map((each) => `${each.schema_name}.${each.relation_name}`))]).toEqual([]);
});

test('every column of a report view has a label and a definition', () => {
  const wrong = catalogue.columns.filter(
    (each) => each.schema_name === 'report' && !/^\S.*\n\S/.test(each.column_comment ?? ''),
  );
  expect(wrong.map((each) => `report.${each.relation_name}.${each.column_name}`)).toEqual([]);
});

test('foreign keys say what happens on delete', () => {
  const silent = catalogue.constraints.filter((each) => each.kind === 'f' && each.on_delete === 'a');
  expect(silent.map((each) => each.constraint_name)).toEqual([]);
});

test('foreign keys are indexed from their first column on', async () => {
  const rows = await rowsOf<{ constraint_name: string; indexed: boolean }>('foreign_keys');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((each) => !each.indexed).map((each) => each.constraint_name)).toEqual([]);
});

test('report reads base and app, base reads app', async () => {
  const allowed: { [schema: string]: string[] } = { report: ['report', 'base', 'app'], base: ['base', 'app'] };
  const rows = await rowsOf<{ reader_schema: string; reader: string; source_schema: string; source: string }>(
    'dependencies',
  );
  const wrong = rows.filter((each) => !allowed[each.reader_schema]?.includes(each.source_schema));
  expect(wrong.map((each) => `${each.reader} reads ${each.source}`)).toEqual([]);
});

test('nothing in app depends on a rebuilt schema', async () => {
  expect(await rowsOf('app_dependencies')).toEqual([]);
});

test('names are lower case with underscores; _at is a time, _on is a date', () => {
  const wrong = catalogue.columns.filter(
    ({ column_name, column_type }) =>
      !/^[a-z][a-z0-9_]*$/.test(column_name) ||
      (column_name.endsWith('_at') && /^(date|timestamp without time zone|text)$/.test(column_type)) ||
      (column_name.endsWith('_on') && column_type !== 'date'),
  );
  expect(wrong.map((each) => `${each.schema_name}.${each.relation_name}.${each.column_name}`)).toEqual([]);
});

test('a table for added fields keeps rows with dozens of them whole, with room for their next version', async () => {
  const { rows } = await sql<{ name: string; settings: string[] | null }>`
    select pg_class.relname as name, pg_class.reloptions as settings
    from pg_attribute
    inner join pg_class
      on pg_class.oid = pg_attribute.attrelid
    where pg_class.relnamespace = 'app'::regnamespace
      and pg_class.relkind in ('r', 'p')
      and pg_attribute.attname = 'extras'
    order by pg_class.relname
  `.execute(t.owner);
  expect(rows.length).toBeGreaterThan(5);
  const lacking = rows.filter(({ settings }) => {
    const said = new Map(settings?.map((each) => each.split('=') as [string, string]));
    return said.get('toast_tuple_target') !== '8160' || Number(said.get('fillfactor') ?? 100) > 85;
  });
  // In its migration: with (fillfactor = 85, toast_tuple_target = 8160)
  expect(lacking.map((each) => each.name)).toEqual([]);
});

test('times carry their zone', () => {
  const wrong = catalogue.columns.filter(
    (each) => each.column_type.startsWith('timestamp') && !each.column_type.endsWith('with time zone'),
  );
  expect(wrong.map((each) => `${each.relation_name}.${each.column_name}`)).toEqual([]);
});

test('every definition fits the database', async () => {
  await expect(checkDefinitions(await loadResources(), t.db)).resolves.toBeUndefined();
});
