/** The kinds whose controls a form needs, those inside lists included. */
import type { Field, FieldKind } from '../../api/contract.ts';

export function kindsIn(fields: Field[]): FieldKind[] {
  return fields.flatMap((field) =>
    field.kind === 'items' || field.kind === 'rows'
      ? // A long text in a row is typed into one line.
        [field.kind, 'text' as const, ...kindsIn(Object.values(field.fields))]
      : [field.kind],
  );
}
