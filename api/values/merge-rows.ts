/** Rows as they were sent, on top of the rows as they are: what a row does not say stays, what only the server writes is left out. */
import type { Field, Row } from '../contract.ts';
import { isSameValue } from '../records/same-value.ts';
import { Fault } from './fault.ts';

/**
 * @param raw anything; what is no list of objects is handed on for the parser to refuse
 * @param current the rows as they are; none for a new record
 */
export function mergeRows(
  { fields }: Field & { kind: 'rows' },
  raw: unknown,
  current: readonly Row[],
): { rows: unknown; faults: [path: string, fault: Fault][] } {
  if (!Array.isArray(raw)) return { rows: raw, faults: [] };
  const known = new Map(current.map((row) => [row.id, row]));
  const faults: [string, Fault][] = [];
  const rows = raw.map((given: unknown, at) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
    const row: { [name: string]: unknown } = { ...given };
    const id = row.id ?? null;
    const stored = id === null ? undefined : known.get(id as number);
    if (id !== null && Number.isSafeInteger(id) && !stored) faults.push([String(at), new Fault('row_gone')]);
    for (const [name, field] of Object.entries(fields)) {
      if (field.readonly) {
        // A form sends back what it read.
        if ((id !== null && !stored) || isSameValue(field, (row[name] ?? null) as Row[string], stored?.[name]))
          delete row[name];
      } else if (stored && !Object.hasOwn(row, name)) row[name] = stored[name];
      else if (stored && field.frozen && !isSameValue(field, row[name] as Row[string], stored[name])) {
        faults.push([`${at}.${name}`, new Fault('frozen', { label: field.label })]);
      }
    }
    return row;
  });
  return { rows, faults };
}
