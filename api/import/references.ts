/**
 * The records that cells name: by the natural key an export writes, by a title that only one record has, or by "#" and the
 * id. Only those that the caller may see are found.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Field, Json, Resource, Row } from '../contract.ts';
import { accessOf } from '../records/access.ts';
import { naturalKey } from '../records/natural-key.ts';
import { visibleRows } from '../records/query.ts';
import { relationOf } from '../records/wire.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { jsonList, splitNames } from '../values/parse-value.ts';
import type { ApplyContext, Refusal } from './apply.ts';

type Related = Field & { kind: 'ref' | 'refs' };
/** Per target and name: the id, null where several records have the name; absent where none has. */
type Found = Map<string, Map<string, number | null>>;

/** Puts ids in the place of names. @returns what names no record, or more than one; those rows keep their texts */
export async function resolveReferences(
  deps: Deps,
  trx: Kysely<LooseTables>,
  context: Pick<ApplyContext, 'fields' | 'given' | 'caller' | 'moment'>,
  rows: readonly { row_no: number; data: Row }[],
): Promise<Refusal[]> {
  const related = context.given.flatMap((name) => {
    const field = context.fields.fields[name]!;
    return field.kind === 'ref' || field.kind === 'refs' ? [{ name, field }] : [];
  });
  if (related.length === 0) return [];
  const wanted = new Map<string, Set<string>>();
  for (const { name, field } of related) {
    const names = wanted.get(field.to) ?? new Set();
    for (const { data } of rows) for (const each of namesIn(field, data[name])) names.add(each);
    wanted.set(field.to, names);
  }
  const found: Found = new Map();
  for (const [to, names] of wanted) found.set(to, await lookUp(trx, deps.resources.get(to)!, [...names], context));
  const refused: Refusal[] = [];
  for (const { row_no, data } of rows) {
    for (const { name, field } of related) {
      if (typeof data[name] !== 'string') continue;
      const ids = namesIn(field, data[name]).map((each) => ({ each, id: found.get(field.to)!.get(each) }));
      const missing = ids.find(({ id }) => id === undefined || id === null);
      if (missing) {
        const key = missing.id === null ? 'ref_ambiguous' : 'ref_unknown';
        refused.push([row_no, name, key, { value: missing.each.slice(0, 100) }]);
      } else data[name] = field.kind === 'ref' ? (ids[0]?.id as Json) : ids.map(({ id }) => id as Json);
    }
  }
  return refused;
}

function namesIn(field: Related, value: Json | undefined): string[] {
  if (typeof value !== 'string') return [];
  if (field.kind === 'ref') return [value.trim()];
  const list = jsonList(value);
  return list ? list.map((each) => String(each).trim()) : splitNames(value);
}

async function lookUp(
  trx: Kysely<LooseTables>,
  target: Resource,
  names: readonly string[],
  { caller, moment }: Pick<ApplyContext, 'caller' | 'moment'>,
): Promise<Map<string, number | null>> {
  const known = new Map<string, number | null>();
  const access = accessOf(caller, target);
  if (!access.list || names.length === 0) return known;
  const visible = visibleRows({ resource: target, caller, moment, table: 'target' });
  const matching = async (column: string, texts: readonly string[]) => {
    const rows = await trx
      .selectFrom(`${relationOf(target)} as target`)
      .select([sql<number>`target.id`.as('id'), sql<string>`${sql.ref(`target.${column}`)}::text`.as('name')])
      .where(sql<boolean>`${sql.ref(`target.${column}`)}::text = any(${[...texts]}::text[])`)
      .$call((found) => (visible ? found.where(visible) : found))
      .execute();
    return rows;
  };
  const ids = names.filter((name) => /^#\d{1,15}$/.test(name));
  const others = names.filter((name) => !known.has(name) && !ids.includes(name));
  const key = naturalKey(target, caller);
  // Without a name of their own records are named by their ids, with or without the sign.
  const numbers = key === null ? others.filter((name) => /^\d{1,15}$/.test(name)) : [];
  if (ids.length + numbers.length > 0) {
    for (const { id } of await matching('id', [...ids.map((name) => name.slice(1)), ...numbers])) {
      known.set(`#${id}`, id);
      known.set(String(id), id);
    }
  }
  if (key !== null) for (const { id, name } of await matching(key, others)) known.set(name, id);
  const titles = [target.title].flat().filter((name) => {
    const seen = access.fields.get(name);
    return name !== key && seen?.read && !seen.masked;
  });
  const byTitle = new Map<string, number | null>();
  for (const title of titles) {
    const left = others.filter((name) => !known.has(name));
    if (left.length === 0) break;
    for (const { id, name } of await matching(title, left))
      byTitle.set(name, byTitle.has(name) && byTitle.get(name) !== id ? null : id);
  }
  for (const [name, id] of byTitle) known.set(name, id);
  return known;
}
