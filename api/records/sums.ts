/** Sums under the columns of a list: over every row it has, not over the page. */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Field, Resource } from '../contract.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { fieldColumn } from './field-column.ts';
import type { Scene } from './query.ts';
import { ROW } from './wire.ts';

const SCALES: { [kind in Field['kind']]?: number } = { integer: 0, points: 0, money: 2 };

/** Fields that say `sum`: adding the values of the others up means nothing. */
export function summableFields(resource: Resource): string[] {
  return Object.keys(resource.fields).filter((name) => resource.fields[name]!.sum);
}

/**
 * @param matching the rows of the list, nothing selected yet
 * @returns JSON text {"amount": "1234.50"}: exact, so every sum is a string; 0 over no rows
 */
export function sumsOf(
  { resource }: Scene,
  names: readonly string[],
  matching: SelectQueryBuilder<LooseTables, string, object>,
): RawBuilder<string> {
  const entries = names.map((name) => {
    const field = resource.fields[name]!;
    const scale = field.kind === 'decimal' ? field.scale : (SCALES[field.kind] ?? 0);
    return sql`${sql.lit(name)}, round(coalesce(sum(${fieldColumn(resource, name, ROW)}), 0)::numeric, ${sql.lit(scale)})::text`;
  });
  return sql<string>`(${matching.select(sql`json_build_object(${sql.join(entries)})::text`.as('sums'))})`;
}
