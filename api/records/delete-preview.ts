/** What refers to a record: what keeps it from being deleted, what would go with it, what would forget it. */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { DeletePreview, Pair, Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { type CatalogueConstraint, readCatalogue } from '../storage/catalogue.ts';
import { loosely } from '../storage/loose-tables.ts';
import { accessOf } from './access.ts';
import { getRow, type Reader } from './query.ts';
import { looseNamers } from './relations.ts';
import { ownerOf } from './write-answer.ts';

const COUNT_MAX = 1001;
const EFFECTS: { [on_delete: string]: DeletePreview['effect'] } = { c: 'deleted', n: 'cleared', d: 'cleared' };

/**
 * What refers to the record, what blocks first; nothing for what has no rows.
 * @throws Problem 404, 403
 */
export async function deletePreview(
  deps: Deps,
  resource: Resource,
  id: number,
  reader: Reader,
): Promise<DeletePreview[]> {
  if (!accessOf(reader.caller, resource).delete) throw problem(403, 'forbidden_delete', { resource: resource.label });
  if (!(await getRow(deps, resource, id, reader))) throw problem(404, 'not_found');
  return (await namersOf(deps, { resource, ids: [id], db: deps.db, caller: reader.caller })).preview;
}

/** What refers to any of the records, and which of them are kept from being deleted by what. */
export async function namersOf(
  deps: Deps,
  { resource, ids, db, caller }: { resource: Resource; ids: readonly number[]; db: Kysely<DB>; caller: Caller },
): Promise<{ preview: DeletePreview[]; blocked: Map<number, Pair> }> {
  const { constraints } = await readCatalogue(deps.db);
  const chosen = sql<number[]>`${[...ids]}::bigint[]`;
  const preview: DeletePreview[] = [];
  const blocked = new Map<number, Pair>();
  for (const { table, compared, ...each } of [...foreignKeys(deps, resource, constraints), ...lists(deps, resource)]) {
    // Records that refer to each other go together.
    const others = table === resource.table ? sql<SqlBool>`t.id <> all(${chosen})` : sql<SqlBool>`true`;
    const rows = loosely(db)
      .selectFrom(`${table} as t`)
      .select(sql`1`.as('one'))
      .where(compared(chosen))
      .where(others)
      .limit(COUNT_MAX);
    const counted = await loosely(db)
      .selectFrom(rows.as('counted'))
      .select(sql<number>`count(*)`.as('count'))
      .executeTakeFirstOrThrow();
    const count = Number(counted.count);
    if (count === 0) continue;
    const shown = each.resource !== undefined && accessOf(caller, deps.resources.get(each.resource)!).list;
    preview.push(shown ? { ...each, count } : { effect: each.effect, label: each.label, count: null });
    if (each.effect !== 'blocks') continue;
    const { rows: stuck } = await sql<{ id: number }>`
      select chosen.id
      from unnest(${chosen}) as chosen (id)
      where exists (
        select from ${sql.table(table)} as t where ${compared(sql`array[chosen.id]`)} and ${others}
      )
    `.execute(db);
    for (const { id } of stuck) blocked.set(Number(id), and(blocked.get(Number(id)), each.label));
  }
  const order: DeletePreview['effect'][] = ['blocks', 'deleted', 'cleared'];
  return { preview: preview.sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect)), blocked };
}

const and = (before: Pair | undefined, [zh, en]: Pair): Pair =>
  before ? [`${before[0]}、${zh}`, `${before[1]}, ${en}`] : [zh, en];

type Reference = Omit<DeletePreview, 'count'> & {
  table: string;
  compared(ids: RawBuilder<number[]>): RawBuilder<SqlBool>;
};

function foreignKeys(
  { resources }: Deps,
  resource: Resource,
  constraints: readonly CatalogueConstraint[],
): Reference[] {
  const bare = (table: string) => table.replace(/^app\./, '');
  return constraints
    .filter((each) => each.kind === 'f' && each.columns?.length === 1 && each.referenced_table)
    .filter((each) => bare(each.referenced_table!) === bare(resource.table))
    .map((each) => {
      const table = `app.${bare(each.table_name)}`;
      const column = each.columns![0]!;
      const effect = EFFECTS[each.on_delete] ?? 'blocks';
      const compared: Reference['compared'] = (ids) => sql<SqlBool>`${sql.ref(`t.${column}`)} = any(${ids})`;
      const owner = ownerOf(resources, table);
      if (owner) {
        const field = owner.table === table && Object.hasOwn(owner.fields, column) ? { field: column } : {};
        return { effect, label: owner.label, resource: owner.name, ...field, table, compared };
      }
      const name = bare(table);
      return { effect, label: [name, name] as const, table, compared };
    });
}

/** Lists of ids, and ids inside lists, which no foreign key watches over. */
function lists(deps: Deps, resource: Resource): Reference[] {
  return looseNamers(deps, resource).map(({ namer, field, names }) => ({
    effect: 'blocks',
    label: namer.label,
    resource: namer.name,
    field,
    table: namer.table,
    compared: names,
  }));
}
