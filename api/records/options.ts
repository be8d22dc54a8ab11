/** What a relation can point to: the records of the related resource that the caller may see, by name. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Field, Option, Resource, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { bindFields } from '../predicate/fields.ts';
import { loosely } from '../storage/loose-tables.ts';
import { accessOf } from './access.ts';
import { fieldColumn } from './field-column.ts';
import { searchableFields } from './list-query.ts';
import { isNullable, type Reader, sceneOf, visibleRows } from './query.ts';
import { offeredRows } from './relations.ts';
import { searchCondition, searchWords } from './search.ts';
import { relationOf, titleField, titleValue } from './wire.ts';

const OPTIONS_MAX = 50;
const IDS_MAX = 1000;
const TARGET = 'target';

/**
 * @param q words to look for; '' gives the first options by name
 * @param ids names those instead of searching
 * @param record values of the record that is being edited, for relations whose offer depends on them
 * @throws Problem 404 when the field is no relation, 403 when the caller may not see what it leads to
 */
export async function listOptions(
  deps: Deps,
  resource: Resource,
  { field, q, ids, record = {} }: { field: string; q: string; ids: readonly number[]; record?: Row },
  reader: Reader,
): Promise<Option[]> {
  const found = relationField(resource, field);
  if (found?.kind !== 'ref' && found?.kind !== 'refs') throw problem(404, 'not_found');
  const target = deps.resources.get(found.to)!;
  const access = accessOf(reader.caller, target);
  if (!accessOf(reader.caller, resource).list || !access.list)
    throw problem(403, 'forbidden_list', { resource: target.label });
  if (ids.length > IDS_MAX) throw problem(400, 'page_too_large', { asked: ids.length, max: IDS_MAX });
  const scene = await sceneOf(deps, target, reader);
  const conditions: RawBuilder<SqlBool>[] = [];
  const visible = visibleRows({ ...scene, table: TARGET });
  if (visible) conditions.push(visible);
  // Those that are chosen already are named whatever is offered now.
  if (found.options && ids.length === 0)
    conditions.push(offeredRows(target, bindFields(found.options, record), scene.moment));
  if (ids.length > 0) conditions.push(sql`${sql.ref(`${TARGET}.id`)} = any(${[...ids]}::bigint[])`);
  const words = searchWords(q);
  const title = titleField(target, access, reader.lang);
  const titled = title !== null && title !== 'id' && !access.fields.get(title)?.masked;
  if (words.length > 0) {
    const searchable = searchableFields({ resource: target, access });
    const names = searchable.length > 0 ? searchable : titled ? [title] : ['id'];
    const columns = names.map((name) => ({
      column: name === 'id' ? sql`${sql.ref(`${TARGET}.id`)}::text` : fieldColumn(target, name, TARGET),
      nullable: isNullable(scene, name),
    }));
    conditions.push(searchCondition(words, columns, { letters: scene.letters && searchable.length > 0 }));
  }
  return loosely(deps.db)
    .selectFrom(`${relationOf(target)} as ${TARGET}`)
    .select((row) => [
      sql<number>`${row.ref(`${TARGET}.id`)}`.as('id'),
      titleValue({ resource: target, access, lang: reader.lang, table: TARGET }, row).as('label'),
    ])
    .$call((rows) => (conditions.length > 0 ? rows.where(sql<SqlBool>`${sql.join(conditions, sql` and `)}`) : rows))
    .$call((rows) => (titled ? rows.orderBy(sql.ref(`${TARGET}.${title}`)) : rows))
    .orderBy(sql.ref(`${TARGET}.id`))
    .limit(ids.length > 0 ? IDS_MAX : OPTIONS_MAX)
    .execute() as Promise<Option[]>;
}

/** A field of the resource, "rules.segment_id" inside a list, or an input of one of its actions. */
function relationField(resource: Resource, path: string): Field | undefined {
  const [name = '', ...rest] = path.split('.');
  let field =
    own(resource.fields, name) ??
    Object.values(resource.actions ?? {})
      .map((action) => own(action.input ?? {}, name))
      .find(Boolean);
  for (const part of rest)
    field = field?.kind === 'items' || field?.kind === 'rows' ? own(field.fields, part) : undefined;
  return field;
}

function own(fields: { [name: string]: Field }, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
