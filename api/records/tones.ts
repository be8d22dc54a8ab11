/** The tone of a row: the name of the first of the list's tones whose condition it satisfies. */
import { type RawBuilder, sql } from 'kysely';
import { predicateFields } from '../predicate/fields.ts';
import { checkPredicate } from '../predicate.ts';
import { predicateToSql } from '../predicate-sql.ts';
import type { Access } from './access.ts';
import { fieldColumn } from './field-column.ts';
import type { Scene } from './query.ts';
import { ROW } from './wire.ts';

/** Null where no tone applies. A tone over fields that the caller does not see plainly would tell their values. */
export function toneColumn(scene: Scene): RawBuilder<string | null> {
  const { resource, access, context, moment } = scene;
  const cases = Object.entries(resource.list.tones ?? {})
    .filter(([, { where }]) => [...predicateFields(where)].every((name) => isSeen(name, access)))
    .map(([name, { where }]) => {
      const column = (field: string) => fieldColumn(resource, field, ROW);
      const holds = predicateToSql(checkPredicate(where, context), context, { column, moment });
      return sql`when ${holds} then ${sql.lit(name)}`;
    });
  return cases.length > 0 ? sql<string | null>`case ${sql.join(cases, sql` `)} end` : sql<null>`null::text`;
}

/** True when a tone counts from now: the statement cannot be kept then. */
export function tonesSayMoment({ resource }: Pick<Scene, 'resource'>): boolean {
  return JSON.stringify(resource.list.tones ?? {}).includes('$');
}

function isSeen(name: string, access: Access): boolean {
  const seen = access.fields.get(name);
  return name === 'id' || (seen?.read === true && !seen.masked);
}
