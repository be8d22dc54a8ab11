/** The mapping that a person used last for files with exactly these headers: the next such file begins with it. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { ImportMapping } from '../contract.ts';
import type { DB } from '../schema.ts';

interface Place {
  user_id: number;
  resource: string;
  headers: readonly string[];
}

export async function recallMapping(
  db: Kysely<DB>,
  { user_id, resource, headers }: Place,
): Promise<ImportMapping | null> {
  const found = await db
    .selectFrom('app.import_memory')
    .select('mapping')
    .where('user_id', '=', user_id)
    .where('resource', '=', resource)
    .where('headers_hash', '=', hashOf(headers))
    .executeTakeFirst();
  return found ? (found.mapping as unknown as ImportMapping) : null;
}

export async function rememberMapping(
  db: Kysely<DB>,
  { user_id, resource, headers }: Place,
  { format: _format, ...mapping }: ImportMapping,
): Promise<void> {
  const values = { mapping: JSON.stringify(mapping), used_at: new Date().toISOString() };
  await db
    .insertInto('app.import_memory')
    .values({ user_id, resource, headers_hash: hashOf(headers), ...values })
    .onConflict((conflict) => conflict.columns(['user_id', 'resource', 'headers_hash']).doUpdateSet(values))
    .execute();
}

/** In any order: a mapping goes by their names. */
function hashOf(headers: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(headers.toSorted())).digest('base64url');
}
