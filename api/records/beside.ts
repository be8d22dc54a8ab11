/** What a reader may see beside a record: the record of another resource that goes with it, and which of its fields. */
import type { Deps } from '../context.ts';
import type { Row } from '../contract.ts';
import { accessOf } from './access.ts';
import { getRow, type Reader } from './query.ts';

/** @returns the fields that the reader may read, masked where they must be; null when there is no such record for them */
export async function rowBeside(deps: Deps, name: string, id: number, reader: Reader): Promise<Row | null> {
  const resource = deps.resources.get(name);
  if (!resource || !accessOf(reader.caller, resource).list) return null;
  const found = await getRow(deps, resource, id, reader);
  return found ? (JSON.parse(found.body) as Row) : null;
}

/** Which fields of a resource the reader may read unmasked; none when some of its rows are not for them. */
export function readsFreely(deps: Deps, name: string, reader: Reader): (field: string) => boolean {
  const resource = deps.resources.get(name);
  const access = resource ? accessOf(reader.caller, resource) : null;
  if (!access?.list || access.rows) return () => false;
  return (field) => {
    const seen = access.fields.get(field);
    return seen?.read === true && !seen.masked;
  };
}
