/**
 * Those who go on from facts that the engine has worked in: files of api/engine/followers, read, never listed.
 *
 * Each exports `wanted`, a routine of ops that answers the kinds of fact it wants to hear of at this moment as text[] (none while
 * nothing of its kind is active, so that it costs nothing), and `follow`, which does what follows, for some customers at once.
 */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { DB } from '../schema.ts';

export interface Following {
  /** Their accounts are locked; what there is to follow up is in app.follow_ups and goes when `follow` returns. */
  customers: readonly number[];
  /** The rows of app.follow_ups that this is about; others may be noted meanwhile. */
  ids: readonly number[];
  /** The present moment. */
  at: string;
}

export interface Follower {
  name: string;
  wanted: string;
  /** What it does is done in the transaction given, and is the same when it is done twice. */
  follow(trx: Kysely<DB>, deps: Pick<Deps, 'db' | 'resources'>, following: Following): Promise<void>;
}

const FOLDER = join(import.meta.dirname, 'followers');
let known: Promise<readonly Follower[]> | null = null;

export function readFollowers(): Promise<readonly Follower[]> {
  known ??= readFrom(FOLDER);
  return known;
}

/** As ops.engine_begin takes it: who wants to hear of which facts, asked in the statement that takes them. */
export function wantedBy(followers: readonly Follower[]): RawBuilder<unknown> {
  if (followers.length === 0) return sql`null::jsonb`;
  const rows = followers.map(({ name, wanted }) => sql`(${name}, ${sql.id('ops', wanted)}())`);
  return sql`(
    select jsonb_agg(to_jsonb(said)) filter (where cardinality(said.fact_kinds) > 0)
    from (values ${sql.join(rows)}) as said (follower, fact_kinds)
  )`;
}

async function readFrom(folder: string): Promise<Follower[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.ts')).sort();
  return Promise.all(
    files.map(async (file) => {
      const { wanted, follow } = (await import(pathToFileURL(join(folder, file)).href)) as Partial<Follower>;
      if (!wanted || !follow) throw new Error(`api/engine/followers/${file}: exports "wanted" and "follow".`);
      return { name: basename(file, '.ts'), wanted, follow };
    }),
  );
}
