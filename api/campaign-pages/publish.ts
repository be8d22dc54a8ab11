/** Publishes a draft: what carries a data-hm id in it is worked out here, everything else by the database. */
import { type Kysely, sql } from 'kysely';
import type { Json } from '../contract.ts';
import { fieldErrors, problem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { elementsOf } from './document.ts';
import { blocksIn } from './store.ts';

/** @throws Problem 422 where the page would be too large to be quick */
export async function publishPageVersion(
  trx: Kysely<DB>,
  { id, user_id, share_rate = null }: { id: number; user_id: number; share_rate?: string | null },
): Promise<Json> {
  const draft = await trx.selectFrom('app.page_versions').select('blocks').where('id', '=', id).executeTakeFirst();
  if (!draft) throw problem(404, 'not_found');
  const blocks = blocksIn(draft.blocks);
  // What was written before a kind was taken away would be lost without a word.
  if (Array.isArray(draft.blocks) && blocks.length !== draft.blocks.length)
    throw fieldErrors({ blocks: { key: 'bad_value', message: ['有不能识别的区块', 'A block is of no known kind'] } });
  const input = JSON.stringify({ elements: elementsOf({ blocks }), share_rate });
  const { rows } = await sql<{ said: Json }>`
    select ops.publish_page_version(${id}::bigint, ${user_id}::bigint, ${input}::jsonb) as said
  `.execute(trx);
  return rows[0]!.said;
}
