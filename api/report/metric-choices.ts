/** The metrics of the registry as the choices of a field: as the files were at the start, and as the store has them since. */
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Choices } from '../contract.ts';
import type { DB } from '../schema.ts';
import { type Metrics, REPORTS_FOLDER, readMetricFiles } from './metrics.ts';
import { ReportError } from './problem.ts';

/** What definitions name as their source: whoever lays changes over them asks for it by this name. */
export const METRICS = 'metrics';

let at_start: Choices | undefined;
const since = new WeakMap<Kysely<DB>, Choices>();

/** @returns what the registry holds when the server starts: code -> label. The same object each time, by which such fields are known. */
export function metricChoices(): Choices {
  at_start ??= Object.fromEntries(
    readMetricFiles(join(REPORTS_FOLDER, 'metrics')).flatMap((read) => {
      try {
        const { code, label } = read();
        return [[code, label] as const];
      } catch (error) {
        // The store says what is wrong with the file; nothing else waits for its mending.
        if (error instanceof ReportError) return [];
        throw error;
      }
    }),
  );
  return at_start;
}

/** @returns what the registry in force holds */
export function liveMetricChoices(db: Kysely<DB>): Choices {
  return since.get(db) ?? metricChoices();
}

/** Told by the store with the registry in force. @returns whether other metrics can be chosen than before. */
export function keepMetricChoices(db: Kysely<DB>, { metrics }: Metrics): boolean {
  const found: Choices = Object.fromEntries([...metrics.values()].map(({ code, label }) => [code, label]));
  if (JSON.stringify(found) === JSON.stringify(liveMetricChoices(db))) return false;
  since.set(db, found);
  return true;
}
