/** Single records that are asked for at the same time, by whomever, are read by one statement (gathering.ts). */
import type pg from 'pg';
import { gathering } from '../gathering.ts';
import { fillSlots, runStatement, type Statement } from '../storage/statements.ts';

/** How one record is read, and how several are: of `many` each row begins with the id of its record. */
export interface Gathering {
  /** Slot `id`. */
  one: Statement;
  /** Slot `ids`. */
  many: Statement;
}
/** The record as JSON text, and its version where it has one. */
export type Read = [body: string, version: number | null];

const readers = new WeakMap<Gathering, (id: number) => Promise<Read | undefined>>();

/** @returns undefined where there is no such record */
export function readGathered(pool: pg.Pool, statements: Gathering, id: number): Promise<Read | undefined> {
  let read = readers.get(statements);
  if (!read) {
    read = gathering((ids: readonly number[]) => readAll(pool, statements, ids));
    readers.set(statements, read);
  }
  return read(id);
}

async function readAll(pool: pg.Pool, { one, many }: Gathering, ids: readonly number[]): Promise<(Read | undefined)[]> {
  const distinct = [...new Set(ids)];
  if (distinct.length === 1) {
    const [found] = await runStatement<Read>(pool, one, fillSlots(one, { id: distinct[0]! }));
    return ids.map(() => found);
  }
  const slots = fillSlots(many, { ids: `{${distinct.join(',')}}` });
  const rows = await runStatement<[id: number, ...Read]>(pool, many, slots);
  const found = new Map(rows.map(([id, ...read]): [number, Read] => [id, read]));
  return ids.map((id) => found.get(id));
}
