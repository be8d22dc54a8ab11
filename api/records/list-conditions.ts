/** What the rows of a list must satisfy, as one condition: lists, their sums and their facets count the same rows. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { checkPredicate } from '../predicate.ts';
import { predicateToSql } from '../predicate-sql.ts';
import { accessOf } from './access.ts';
import { extrasNarrow, fieldColumn } from './field-column.ts';
import { besideIds } from './id-within.ts';
import { type ListQuery, searchableFields } from './list-query.ts';
import { isNullable, type Scene, visibleRows } from './query.ts';
import { searchCondition } from './search.ts';
import { ROW, relationOf } from './wire.ts';

/** The caller's rows, scope and filters, the words searched for; null when that is every row. */
export function listConditions(
  scene: Scene,
  query: Pick<ListQuery, 'filters' | 'words' | 'implied'>,
): RawBuilder<SqlBool> | null {
  const { resource, access, context, moment } = scene;
  const column = (field: string) => fieldColumn(resource, field, ROW);
  const filters = query.filters
    .map((each) => checkPredicate(each, context))
    .flatMap((each) => [each, besideIds(resource, each) ?? []].flat());
  const narrow = extrasNarrow(resource, ROW);
  const parts = filters.map((each) => predicateToSql(each, context, { column, moment, narrow }));
  // The same for everybody with the role, unless it counts from now or from who asks: one plan serves for good.
  const fixed = !JSON.stringify(access.rows).includes('$');
  if (access.rows) parts.unshift(predicateToSql(access.rows, context, { column, moment, narrow, fixed }));
  const fields = searchableFields({ resource, access });
  // Only the expression over all search fields is indexed; who may not see one of them gains nothing by it.
  const indexed =
    scene.letters && fields.length === Object.values(resource.fields).filter((each) => each.search).length;
  const words = [...query.words, ...(indexed ? query.implied : [])];
  if (words.length > 0) {
    const related = fields.flatMap((name) => relatedSearch(scene, name) ?? []);
    parts.push(searchCondition(words, searchColumns(scene, ROW), { letters: indexed, related }));
  }
  return parts.length > 0 ? sql<SqlBool>`${sql.join(parts, sql` and `)}` : null;
}

/** The texts that are searched; what the caller sees masked, or not at all, is not among them. */
function searchColumns(scene: Pick<Scene, 'resource' | 'access' | 'columns'>, table: string) {
  return searchableFields(scene)
    .filter((name) => scene.resource.fields[name]!.kind !== 'ref')
    .map((name) => ({ column: fieldColumn(scene.resource, name, table), nullable: isNullable(scene, name) }));
}

/** True of rows whose related record has the word; null where the caller could not find that record by it either. */
function relatedSearch(scene: Scene, name: string): ((word: string) => RawBuilder<SqlBool>) | null {
  const field = scene.resource.fields[name]!;
  if (field.kind !== 'ref') return null;
  const target = scene.resources.get(field.to)!;
  const access = accessOf(scene.caller, target);
  const alias = `searched_${name}`;
  const columns = access.list ? searchColumns({ ...scene, resource: target, access }, alias) : [];
  if (columns.length === 0) return null;
  const visible = visibleRows({ resource: target, caller: scene.caller, moment: scene.moment, table: alias });
  return (word) => {
    const found = searchCondition([word], columns);
    const where = visible ? sql`${found} and ${visible}` : found;
    const ids = sql`array(select ${sql.ref(`${alias}.id`)} from ${sql.table(relationOf(target))} as ${sql.id(alias)} where ${where})`;
    return sql<SqlBool>`${fieldColumn(scene.resource, name, ROW)} = any(${ids})`;
  };
}
