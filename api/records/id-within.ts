/**
 * Of records that have no index over their ids: what an id says of another field, by which they are found. It is asked beside
 * the id and changes no answer.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Predicate, Resource } from '../contract.ts';
import { fieldColumn } from './field-column.ts';

/** True of the record with this id under the alias `table`, and of others; null where ids say nothing. */
export function besideId(resource: Resource, id: RawBuilder<unknown>, table: string): RawBuilder<SqlBool> | null {
  if (!resource.id_within) return null;
  const { field, places } = resource.id_within;
  return sql<SqlBool>`${fieldColumn(resource, field, table)} = ${id} / ${sql.lit(places)}`;
}

/** What a filter by ids says of the other field; null of any other filter. */
export function besideIds({ id_within }: Resource, filter: Predicate): Predicate | null {
  const asked = 'id' in filter ? filter.id : null;
  if (!id_within || typeof asked !== 'object' || asked === null) return null;
  const ids = 'eq' in asked ? [asked.eq] : 'in' in asked && Array.isArray(asked.in) ? asked.in : [];
  if (ids.length === 0 || !ids.every((id) => typeof id === 'number')) return null;
  const { field, places } = id_within;
  return { [field]: { in: [...new Set(ids.map((id) => Math.floor(id / places)))] } };
}
