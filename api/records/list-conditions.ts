/** What the rows of a list must satisfy, as one condition: lists, their sums and their facets count the same rows. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { checkPredicate } from '../predicate.ts';
import { predicateToSql } from '../predicate-sql.ts';
import { extrasNarrow, fieldColumn } from './field-column.ts';
import { type ListQuery, searchableFields } from './list-query.ts';
import { isNullable, type Scene } from './query.ts';
import { searchCondition } from './search.ts';
import { ROW } from './wire.ts';

/** The caller's rows, scope and filters, the words searched for; null when that is every row. */
export function listConditions(
  scene: Scene,
  query: Pick<ListQuery, 'filters' | 'words' | 'implied'>,
): RawBuilder<SqlBool> | null {
  const { resource, access, context, moment } = scene;
  const column = (field: string) => fieldColumn(resource, field, ROW);
  const filters = query.filters.map((each) => checkPredicate(each, context));
  const parts = (access.rows ? [access.rows, ...filters] : filters).map((each) =>
    predicateToSql(each, context, { column, moment, narrow: extrasNarrow(resource, ROW) }),
  );
  const fields = searchableFields({ resource, access });
  // Only the expression over all search fields is indexed; who may not see one of them gains nothing by it.
  const indexed =
    scene.letters && fields.length === Object.values(resource.fields).filter((each) => each.search).length;
  const words = [...query.words, ...(indexed ? query.implied : [])];
  if (words.length > 0) {
    const columns = fields.map((name) => ({ column: column(name), nullable: isNullable(scene, name) }));
    parts.push(searchCondition(words, columns, { letters: indexed }));
  }
  return parts.length > 0 ? sql<SqlBool>`${sql.join(parts, sql` and `)}` : null;
}
