/** The definitions against the live database: every field has its column, of a type that holds it, with the same choices. */
import type { Kysely } from 'kysely';
import { nameHint } from '../closest-name.ts';
import { StartError } from '../config.ts';
import type { Field, Resource } from '../contract.ts';
import type { DB } from '../schema.ts';
import { type Catalogue, type CatalogueColumn, readCatalogue, relationsOf } from '../storage/catalogue.ts';
import { isList } from '../values/parse-value.ts';
import { columnOf } from './wire.ts';

/** Column types (without length) that hold a kind of field. */
const HOLDS: { [kind in Exclude<Field['kind'], 'rows'>]: readonly string[] } = {
  text: ['text'],
  longtext: ['text'],
  email: ['text'],
  phone: ['text'],
  color: ['text'],
  password: ['text'],
  choice: ['text'],
  integer: ['integer', 'bigint', 'smallint'],
  points: ['bigint', 'integer'],
  ref: ['bigint'],
  refs: ['bigint'],
  decimal: ['numeric'],
  money: ['numeric'],
  rate: ['numeric'],
  boolean: ['boolean'],
  date: ['date'],
  datetime: ['timestamp with time zone'],
  choices: ['text'],
  tags: ['text'],
  items: ['jsonb'],
  predicate: ['jsonb'],
  layout: ['jsonb'],
  json: ['jsonb', 'json'],
};

/** @throws StartError naming the first field that does not fit, and what the database has */
export async function checkDefinitions(resources: ReadonlyMap<string, Resource>, db: Kysely<DB>): Promise<void> {
  const catalogue = await readCatalogue(db);
  const relations = relationsOf(catalogue);
  for (const resource of resources.values()) checkResource(resource, relations, catalogue);
}

function checkResource(
  resource: Resource,
  relations: ReadonlyMap<string, CatalogueColumn[]>,
  catalogue: Catalogue,
): void {
  const fail = (path: string, sentence: string) =>
    new StartError(`api/resources/${resource.name}.ts: ${path}: ${sentence}`);
  const columnsOf = (relation: string, path: string) => {
    const found = relations.get(relation);
    if (!found) throw fail(path, `the database has no ${relation}. ${nameHint(relation, relations.keys())[1]}`);
    return new Map(found.map((column) => [column.column_name, column]));
  };
  const written = columnsOf(resource.table, 'table');
  const read = resource.view ? columnsOf(resource.view, 'view') : written;
  const editable = Object.values(resource.access).some((letters) => /[cud]/.test(letters));
  if (!read.has('id')) throw fail('view', `${resource.view ?? resource.table} gives no id.`);
  if (editable && !written.has('version'))
    throw fail('table', `${resource.table} can be edited, so it needs a version column.`);

  for (const [name, field] of Object.entries(resource.fields)) {
    const path = `fields.${name}`;
    if (field.kind === 'rows') {
      checkRows(resource, { path, field }, { columns: columnsOf(field.table, `${path}.table`), catalogue, fail });
      continue;
    }
    const holder = field.kind === 'password' ? written : read;
    const owner = resource.view ?? resource.table;
    checkColumn({ path, name, field, table: resource.table, owner }, holder, catalogue, fail);
    if (field.readonly) continue;
    const own = written.get(columnOf(name, field));
    if (!own)
      throw fail(
        path,
        `can be written, but ${resource.table} has no column ${columnOf(name, field)}: make it readonly.`,
      );
    if (own.not_null && own.column_default === null && !field.required && field.default === undefined && editable) {
      throw fail(path, 'the column must have a value: make the field required or give it a default.');
    }
  }
  checkRoutines(resource, catalogue, fail);
}

type Fail = (path: string, sentence: string) => StartError;
type ColumnsByName = ReadonlyMap<string, CatalogueColumn>;

/** The column of a field is there and holds its kind. */
function checkColumn(
  { path, name, field, table, owner }: { path: string; name: string; field: Field; table: string; owner: string },
  holder: ColumnsByName,
  catalogue: Catalogue,
  fail: Fail,
): void {
  if (field.kind === 'rows') throw fail(path, 'rows cannot hold rows.');
  const column = columnOf(name, field);
  const found = holder.get(column);
  if (!found) throw fail(path, `${owner} has no column ${column}. ${nameHint(column, holder.keys())[1]}`);
  if (!HOLDS[field.kind].includes(found.element_type) || isList(field) !== found.is_array) {
    throw fail(path, `a ${field.kind} cannot be kept in ${found.column_type}.`);
  }
  const scale = field.kind === 'decimal' ? field.scale : field.kind === 'money' ? 2 : 0;
  const kept = /^numeric\(\d+,(\d+)\)/.exec(found.column_type)?.[1];
  if (kept !== undefined && Number(kept) < scale) {
    throw fail(path, `has ${scale} decimals, but ${found.column_type} keeps ${kept}.`);
  }
  if (field.kind === 'choice' || field.kind === 'choices') {
    checkChoices({ table, column: name, path }, Object.keys(field.choices), catalogue, fail);
  }
}

/** A child table: its key, place and way to the record, a column per field, and it goes when its record goes. */
function checkRows(
  resource: Resource,
  { path, field }: { path: string; field: Field & { kind: 'rows' } },
  { columns, catalogue, fail }: { columns: ColumnsByName; catalogue: Catalogue; fail: Fail },
): void {
  const { table, by, fixed = {}, sums = [] } = field;
  for (const column of ['id', 'position', by, ...Object.keys(fixed)]) {
    if (!columns.has(column))
      throw fail(path, `${table} has no column ${column}. ${nameHint(column, columns.keys())[1]}`);
  }
  const bare = (name: string | null) => name?.replace(/^app\./, '');
  const key = catalogue.constraints.find(
    (each) =>
      each.kind === 'f' &&
      bare(each.table_name) === bare(table) &&
      each.columns?.join() === by &&
      bare(each.referenced_table) === bare(resource.table),
  );
  if (key?.on_delete !== 'c') {
    throw fail(`${path}.by`, `${table}.${by} must refer to ${resource.table} with "on delete cascade".`);
  }
  for (const [name, part] of Object.entries(field.fields)) {
    const place = `${path}.fields.${name}`;
    checkColumn({ path: place, name, field: part, table, owner: table }, columns, catalogue, fail);
    if (
      columns.get(name)!.not_null &&
      !part.readonly &&
      !part.required &&
      part.default === undefined &&
      !isList(part)
    ) {
      throw fail(place, 'the column must have a value: make the field required or give it a default.');
    }
  }
  for (const { field: column } of sums) {
    if (!['money', 'decimal', 'rate', 'integer', 'points'].includes(field.fields[column]!.kind))
      throw fail(`${path}.sums`, `${column} is no number.`);
  }
}

/** What actions and imports call exists, with the arguments they are called with. */
function checkRoutines(
  resource: Resource,
  { routines }: Catalogue,
  fail: (path: string, sentence: string) => StartError,
): void {
  const called = [
    ...Object.entries(resource.actions ?? {}).flatMap(([name, { procedure }]) =>
      procedure
        ? [
            {
              path: `actions.${name}.procedure`,
              procedure,
              takes: 'record_id bigint, user_id bigint, input jsonb',
            },
          ]
        : [],
    ),
    ...(resource.import?.procedure
      ? [{ path: 'import.procedure', procedure: resource.import.procedure, takes: 'import_id bigint' }]
      : []),
  ];
  const ours = routines.filter((each) => each.schema_name === 'ops');
  for (const { path, procedure, takes } of called) {
    const found = ours.filter((each) => each.routine_name === procedure);
    if (found.length === 0) {
      const names = ours.map((each) => each.routine_name);
      throw fail(path, `there is no ops.${procedure}. ${nameHint(procedure, names)[1]}`);
    }
    if (!found.some((each) => each.arguments === takes)) {
      throw fail(path, `ops.${procedure} takes (${found[0]!.arguments}), but is called with (${takes}).`);
    }
  }
}

/** A check constraint over the one column that lists texts must list the choices of the field. */
function checkChoices(
  { table, column, path }: { table: string; column: string; path: string },
  choices: string[],
  { constraints }: Catalogue,
  fail: Fail,
): void {
  const check = constraints.find(
    (each) =>
      `${each.table_name}`.replace(/^(?!app\.)/, 'app.') === table &&
      each.kind === 'c' &&
      each.columns?.length === 1 &&
      each.columns[0] === column &&
      each.definition.includes('ARRAY['),
  );
  if (!check) return;
  const allowed = [...check.definition.matchAll(/'([^']*)'::text/g)].map((match) => match[1]!);
  const missing = choices.filter((choice) => !allowed.includes(choice));
  if (missing.length > 0) {
    throw fail(path, `the database does not allow ${missing.join(', ')}; its check says ${allowed.join(', ')}.`);
  }
  const unnamed = allowed.filter((value) => !choices.includes(value));
  if (unnamed.length > 0) throw fail(path, `the database also allows ${unnamed.join(', ')}: give it a label.`);
}
