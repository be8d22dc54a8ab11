/** What refers to a record: what keeps it from being deleted, what would go with it, what would forget it. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { DeletePreview, Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import { type CatalogueConstraint, readCatalogue } from '../storage/catalogue.ts';
import { loosely } from '../storage/loose-tables.ts';
import { accessOf } from './access.ts';
import { getRow, type Reader } from './query.ts';
import { looseNamers } from './relations.ts';
import { ownerOf } from './write.ts';

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
  const { constraints } = await readCatalogue(deps.db);
  const found = [...foreignKeys(deps, resource, constraints), ...lists(deps, resource)];
  const counted = await Promise.all(
    found.map(async ({ table, compared, ...each }) => {
      const rows = loosely(deps.db)
        .selectFrom(`${table} as t`)
        .select(sql`1`.as('one'))
        .where(compared(id))
        .limit(COUNT_MAX);
      const [answer] = await loosely(deps.db)
        .selectFrom(rows.as('counted'))
        .select(sql<number>`count(*)`.as('count'))
        .execute();
      return { ...each, count: (answer as { count: number }).count };
    }),
  );
  const order: DeletePreview['effect'][] = ['blocks', 'deleted', 'cleared'];
  return counted
    .filter((each) => each.count > 0)
    .sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect))
    .map((each) => {
      const shown = each.resource !== undefined && accessOf(reader.caller, deps.resources.get(each.resource)!).list;
      return shown ? each : { effect: each.effect, label: each.label, count: null };
    });
}

type Reference = Omit<DeletePreview, 'count'> & { table: string; compared(id: number): RawBuilder<SqlBool> };

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
      const compared = (id: number) => sql<SqlBool>`${sql.ref(`t.${column}`)} = ${id}::bigint`;
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
    compared: (id) => names([id]),
  }));
}
