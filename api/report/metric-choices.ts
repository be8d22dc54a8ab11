/** The metrics of the registry as the choices of a field. */
import { join } from 'node:path';
import type { Choices } from '../contract.ts';
import { REPORTS_FOLDER, readMetricFiles } from './metrics.ts';
import { ReportError } from './problem.ts';

/** @returns what the registry holds when the server starts: code -> label. */
export function metricChoices(): Choices {
  const entries = readMetricFiles(join(REPORTS_FOLDER, 'metrics')).flatMap((read) => {
    try {
      const { code, label } = read();
      return [[code, label] as const];
    } catch (error) {
      // The store says what is wrong with the file; nothing else waits for its mending.
      if (error instanceof ReportError) return [];
      throw error;
    }
  });
  return Object.fromEntries(entries);
}
