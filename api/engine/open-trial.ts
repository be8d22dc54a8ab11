/** Opening a back-test: its drafts checked as if they were saved, together, and kept as the engine reads them. */
import { sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Json, Pair } from '../contract.ts';
import type { TrialDraft } from '../contract-trials.ts';
import { fieldErrors } from '../errors.ts';
import { rolledBack } from './rolled-back.ts';
import { readDraft, saveDraft } from './trial-drafts.ts';

export const LIMITS = { drafts: 10, months: 24, sample: 20_000, title: 100 } as const;
/** Drawn where nobody says how many. */
const SAMPLE = 5_000;
const SAVING = { statement_ms: 15_000, lock_ms: 3_000 };

/** @returns its id. @throws Problem 403, 422 naming the field ("drafts.0.points") */
export async function openTrial(
  deps: Deps,
  { title = '', drafts = [], months, sample = SAMPLE, ...rest }: { [name: string]: Json },
  caller: Caller,
): Promise<number> {
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    throw fieldErrors({ [unknown.slice(0, 60)]: { key: 'unknown_field', params: { name: unknown.slice(0, 60) } } });
  if (typeof title !== 'string' || title.length > LIMITS.title)
    throw fieldErrors({ title: { key: 'too_long', params: { max: LIMITS.title } } });
  within('months', months, 1, LIMITS.months);
  within('sample', sample, 1, LIMITS.sample);
  if (!Array.isArray(drafts) || drafts.length === 0) throw fieldErrors({ drafts: { key: 'required' } });
  if (drafts.length > LIMITS.drafts) throw fieldErrors({ drafts: { key: 'too_many', params: { max: LIMITS.drafts } } });
  const asked = drafts.map((draft, at) => readDraft(draft, `drafts.${at}`));
  const seen = new Set<string>();
  for (const [at, { resource, id }] of asked.entries()) {
    const same = `${resource} ${id}`;
    if (id !== null && seen.has(same)) throw fieldErrors({ [`drafts.${at}`]: { key: 'unique' } });
    seen.add(same);
  }
  const { versions, names } = await rolledBack(deps.db, SAVING, async (trx) => {
    const versions = [];
    const names: Pair[] = [];
    for (const [at, draft] of asked.entries()) {
      const version = await saveDraft(trx, deps, draft, { caller, at: `drafts.${at}` });
      versions.push(version);
      const named = await sql<{ name: string; name_en: string }>`
        select name, name_en from ${sql.table(deps.resources.get(draft.resource)!.table)} where id = ${version.record_id}
      `.execute(trx);
      names.push([named.rows[0]!.name, named.rows[0]!.name_en]);
    }
    return { versions, names };
  });
  const kept: (TrialDraft & { name: Pair })[] = asked.map((draft, at) => ({ ...draft, name: names[at]! }));
  const { rows } = await sql<{ id: number }>`
    select ops.trial_open(
      ${
        title.trim() ||
        names
          .map(([zh]) => zh)
          .join('、')
          .slice(0, LIMITS.title)
      }, ${JSON.stringify(kept)}::jsonb,
      ${JSON.stringify(versions)}::jsonb, ${months}::integer, ${sample}::integer, ${caller.id}::bigint, clock_timestamp()
    ) as id
  `.execute(deps.db);
  return rows[0]!.id;
}

function within(name: string, value: Json | undefined, min: number, max: number): void {
  if (value === undefined || value === null) throw fieldErrors({ [name]: { key: 'required' } });
  if (!Number.isSafeInteger(value)) throw fieldErrors({ [name]: { key: 'not_an_integer' } });
  if ((value as number) < min) throw fieldErrors({ [name]: { key: 'too_small', params: { min } } });
  if ((value as number) > max) throw fieldErrors({ [name]: { key: 'too_large', params: { max } } });
}
