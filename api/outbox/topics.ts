/**
 * What others can be told of: every file in topics/ is one, and carries its name. Each is noted where it happens (triggers tell_…
 * of the tables), in the same transaction.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Field, Pair } from '../contract.ts';

export interface Topic {
  label: Pair;
  /** `programme`: nothing of a single customer. */
  about?: 'programme';
  /** What `data` of a delivery holds. */
  data: { [name: string]: Field };
}

const FOLDER = join(import.meta.dirname, 'topics');

export const TOPICS_IN_FULL: ReadonlyMap<string, Topic> = new Map(
  await Promise.all(
    (await readdir(FOLDER)).sort().map(async (file): Promise<[string, Topic]> => {
      const { default: topic } = (await import(pathToFileURL(join(FOLDER, file)).href)) as { default: Topic };
      return [file.replace(/\.ts$/, ''), topic];
    }),
  ),
);

/** Their names and what they are called. */
export const TOPICS: { [topic: string]: Pair } = Object.fromEntries(
  [...TOPICS_IN_FULL].map(([name, { label }]) => [name, label]),
);
