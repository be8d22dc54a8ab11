/** Reads pages: which versions of one are live, what a version holds, and what its blocks are about. */
import type { Kysely } from 'kysely';
import type { DB } from '../schema.ts';
import type { Block } from './block-kind.ts';
import { BLOCK_KINDS } from './block-kinds.ts';
import type { PageContent } from './document.ts';
import type { Split } from './visitor.ts';

export interface LivePage {
  id: number;
  code: string;
  status: string;
  /** Published, by number; more than one while visitors are split. */
  live: (Split & { id: number; number: number })[];
}
export interface StoredVersion extends PageContent {
  id: number;
  page_id: number;
  code: string;
  number: number;
  state: string;
  page_status: string;
  sample_rate: string;
}

/** @returns null where there is no own page of that code */
export async function readLivePage(db: Kysely<DB>, code: string): Promise<LivePage | null> {
  const rows = await db
    .selectFrom('app.pages')
    .leftJoin('app.page_versions', (join) =>
      join.onRef('app.page_versions.page_id', '=', 'app.pages.id').on('app.page_versions.state', '=', 'published'),
    )
    .select(['app.pages.id', 'app.pages.code', 'app.pages.status'])
    .select(['app.page_versions.id as version_id', 'app.page_versions.number', 'app.page_versions.share_rate'])
    .where('app.pages.code', '=', code)
    .where('app.pages.kind', '=', 'own')
    .orderBy('app.page_versions.number')
    .execute();
  const [page] = rows;
  if (!page) return null;
  const live = rows.flatMap(({ version_id, number, share_rate }) =>
    version_id === null || number === null || share_rate === null ? [] : [{ id: version_id, number, share_rate }],
  );
  return { id: page.id, code: page.code, status: page.status, live };
}

/** A version of an own page, by its id or by its place. @returns null where there is none */
export async function readVersion(
  db: Kysely<DB>,
  by: { id: number } | { code: string; number: number },
): Promise<StoredVersion | null> {
  const versions = db
    .selectFrom('app.page_versions')
    .innerJoin('app.pages', 'app.pages.id', 'app.page_versions.page_id')
    .select(['app.page_versions.id', 'app.pages.id as page_id', 'app.pages.code', 'app.pages.status as page_status'])
    .select('app.pages.sample_rate')
    .select(['number', 'state', 'title', 'title_en', 'summary', 'summary_en', 'accent', 'blocks'])
    .where('app.pages.kind', '=', 'own');
  const found = await ('id' in by
    ? versions.where('app.page_versions.id', '=', by.id)
    : versions.where('app.pages.code', '=', by.code).where('number', '=', by.number)
  ).executeTakeFirst();
  return found ? { ...found, blocks: blocksIn(found.blocks) } : null;
}

/** Blocks as they are drawn: what is no block of a kind there is, is left out. */
export function blocksIn(value: unknown): Block[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter(
    (each): each is Block =>
      typeof each === 'object' &&
      each !== null &&
      /^[a-z][a-z0-9_]*$/.test(String((each as Block).code)) &&
      BLOCK_KINDS.has((each as Block).kind),
  );
}

/** What each block is about, by its code. */
export async function factsOf(db: Kysely<DB>, blocks: readonly Block[]): Promise<Map<string, unknown>> {
  return told(blocks, (block) => BLOCK_KINDS.get(block.kind)?.facts?.(db, block));
}

/** What of each block is the visitor's. */
export async function ownOf(
  db: Kysely<DB>,
  blocks: readonly Block[],
  customer_id: number,
): Promise<Map<string, unknown>> {
  return told(blocks, (block) => BLOCK_KINDS.get(block.kind)?.own?.(db, block, customer_id));
}

async function told(
  blocks: readonly Block[],
  tell: (block: Block) => Promise<unknown> | undefined,
): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  // One after the other: a page must not hold every connection there is.
  for (const block of blocks) found.set(block.code, (await tell(block)) ?? null);
  return found;
}

/** Of somebody who was merged, whoever that is now; null for who is no longer active. */
export async function activeVisitor(db: Kysely<DB>, id: number): Promise<number | null> {
  const found = await db
    .selectFrom('app.customers as named')
    .innerJoin('app.customers as customers', (join) =>
      join.on('customers.id', '=', (row) => row.fn.coalesce('named.merged_into_id', 'named.id')),
    )
    .select('customers.id')
    .where('named.id', '=', id)
    .where('customers.status', '=', 'active')
    .executeTakeFirst();
  return found?.id ?? null;
}
