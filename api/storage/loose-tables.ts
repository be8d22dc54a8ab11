/** Tables whose names and columns come from checked definitions, not from the code: Kysely builds, Postgres checks. */
import type { Kysely } from 'kysely';
import type { DB } from '../schema.ts';

export interface LooseTables {
  [table: string]: { [column: string]: unknown };
}

/** The same handle without the types of schema.ts. Names put in must come from a definition, never from a request. */
export function loosely(db: Kysely<DB>): Kysely<LooseTables> {
  return db as unknown as Kysely<LooseTables>;
}
