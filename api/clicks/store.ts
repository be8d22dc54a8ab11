/**
 * Puts batches into the database: what comes at the same time goes in together, over one connection at a time, so that however
 * much comes the others are left to people. A batch is answered when it is committed; nothing that was acknowledged can be lost.
 */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import { problem, retrying } from '../errors.ts';
import { gathering } from '../gathering.ts';
import type { ClickBatch } from './batch.ts';

export interface StoredBatch {
  batch: ClickBatch;
  page_version_id: number;
  customer_id: number | null;
  bot: boolean;
}

/** Events that may wait; beyond it nothing more is taken. */
const WAITING_MAX = 20_000;
/** Batches in one statement. */
const MOST = 400;
/** Names of elements that are remembered, by version. */
const NAMES_MAX = 50_000;
const RETRY_S = 5;

export interface ClickStore {
  /** @throws Problem 503 `collector_full` with when to come again */
  put(stored: StoredBatch): Promise<void>;
  /** Whether there is room for one more. @throws Problem 503 */
  admit(): void;
}

export function clickStore(deps: Pick<Deps, 'db'>): ClickStore {
  const names = new Map<string, number>();
  const write = gathering((batches: readonly StoredBatch[]) => writeAll(deps, names, batches), {
    at_once: 1,
    most: MOST,
  });
  let waiting = 0;
  const admit = () => {
    if (waiting >= WAITING_MAX) throw problem(503, 'collector_full', { seconds: RETRY_S });
  };
  return {
    admit,
    put: async (stored) => {
      admit();
      const size = stored.batch.views.length + stored.batch.events.length;
      waiting += size;
      try {
        await write(stored);
      } finally {
        waiting -= size;
      }
    },
  };
}

const key = (version: number, element: string) => `${version} ${element}`;

async function writeAll(
  deps: Pick<Deps, 'db'>,
  names: Map<string, number>,
  batches: readonly StoredBatch[],
): Promise<undefined[]> {
  await nameElements(deps, names, batches);
  const events = batches.flatMap(({ batch, page_version_id }, at) =>
    batch.events.map((event) => ({ ...event, page_version_id, place: at + 1 })),
  );
  const views = batches.flatMap(({ batch }, at) => batch.views.map((seen) => ({ seen, place: at + 1 })));
  await retrying(() =>
    sql`
      select ops.store_clicks(
        ${list(batches, ({ batch }) => batch.visit)}::bigint[],
        ${list(batches, ({ batch }) => batch.batch)}::bigint[],
        ${list(batches, (each) => each.page_version_id)}::bigint[],
        ${list(batches, (each) => each.customer_id)}::bigint[],
        ${list(batches, ({ batch }) => batch.device_class)}::text[],
        ${list(batches, ({ bot }) => bot)}::boolean[],
        ${list(views, ({ place }) => place)}::integer[],
        ${list(views, ({ seen }) => seen)}::bigint[],
        ${list(events, ({ place }) => place)}::integer[],
        ${list(events, ({ at }) => at)}::bigint[],
        ${list(events, ({ kind }) => kind)}::text[],
        ${list(events, ({ element, page_version_id }) => (element === null ? null : names.get(key(page_version_id, element))!))}::integer[],
        ${list(events, ({ x }) => x)}::smallint[],
        ${list(events, ({ y }) => y)}::smallint[]
      )
    `.execute(deps.db),
  );
  return batches.map(() => undefined);
}

/** Learns the numbers of elements that are new here. */
async function nameElements(
  { db }: Pick<Deps, 'db'>,
  names: Map<string, number>,
  batches: readonly StoredBatch[],
): Promise<void> {
  // Before the lookup: those of this call must all be there after it.
  if (names.size > NAMES_MAX) names.clear();
  const unknown = new Map<string, { version: number; element: string }>();
  for (const { batch, page_version_id: version } of batches)
    for (const { element } of batch.events)
      if (element !== null && !names.has(key(version, element)))
        unknown.set(key(version, element), { version, element });
  if (unknown.size === 0) return;
  const asked = [...unknown.values()];
  const { rows } = await retrying(() =>
    sql<{ page_version_id: number; element: string; element_id: number }>`
      select * from ops.name_elements(
        ${list(asked, ({ version }) => version)}::bigint[], ${asked.map(({ element }) => element)}::text[]
      )
    `.execute(db),
  );
  for (const { page_version_id, element, element_id } of rows) names.set(key(page_version_id, element), element_id);
}

/** As Postgres writes an array. Of numbers and words of ours alone: nothing is quoted. */
function list<T>(rows: readonly T[], value: (row: T) => number | boolean | null | Word): string {
  return `{${rows.map((row) => value(row) ?? 'null').join()}}`;
}
type Word = ClickBatch['device_class'] | ClickBatch['events'][number]['kind'];
