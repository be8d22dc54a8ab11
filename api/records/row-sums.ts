/** What columns of child rows must add up to, looked at by Postgres after the rows are written and before they are committed. */
import { type Kysely, sql } from 'kysely';
import type { Field, Resource } from '../contract.ts';
import { type FieldFault, fieldErrors } from '../errors.ts';
import type { DB } from '../schema.ts';
import { childRows } from './wire.ts';

/** @throws Problem 422 at the field of the rows, with what is missing to the sum */
export async function checkSums(
  trx: Kysely<DB>,
  { resource, ids }: { resource: Resource; ids: readonly number[] },
): Promise<void> {
  const errors: { [field: string]: FieldFault } = {};
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.kind !== 'rows') continue;
    for (const { field: column, equals } of field.sums ?? []) {
      const goal =
        typeof equals === 'string' ? sql`${equals}::numeric` : sql`${sql.ref(`t.${equals.$field}`)}::numeric`;
      const { rows } = await sql<{ goal: string; total: string; rest: string }>`
        with summed as (
          select
            ${goal} as goal,
            (
              select sum(${sql.ref(`child.${column}`)})
              from ${sql.table(field.table)} as child
              where ${childRows(field, sql.ref('t.id'))}
            ) as total
          from ${sql.table(resource.table)} as t
          where t.id = any(${[...ids]}::bigint[])
        )
        select goal::text, total::text, (goal - total)::text as rest
        from summed
        where goal <> total
        limit 1
      `.execute(trx);
      const wrong = rows[0];
      if (!wrong || errors[name]) continue;
      const part = field.fields[column]!;
      errors[name] = {
        key: 'sum_wrong',
        params: {
          label: part.label,
          goal: shown(part, wrong.goal),
          sum: shown(part, wrong.total),
          rest: shown(part, wrong.rest),
        },
      };
    }
  }
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
}

/** Rates as percentages: "0.5" -> "50%", by moving the point. */
function shown(field: Field, value: string): string {
  if (field.kind !== 'rate') return value;
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(value) ?? ['', '', '0'];
  const digits = `${whole}${fraction.padEnd(2, '0')}`;
  const at = whole!.length + 2;
  const integer = digits.slice(0, at).replace(/^0+(?=\d)/, '');
  const rest = digits.slice(at).replace(/0+$/, '');
  return `${sign}${integer}${rest ? `.${rest}` : ''}%`;
}
