/**
 * The predicate contexts beyond the resources: what rules of each kind may ask about. Every file in api/contexts is one,
 * named like its context; GET /api/_meta serves them to the rule editors.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PredicateContext } from './contract.ts';

const FOLDER = join(import.meta.dirname, 'contexts');

/** By name, in the order of the names. */
export const CONTEXTS: ReadonlyMap<string, PredicateContext> = await readContexts(FOLDER);

/** @throws when there is no such context: a definition or a stored rule names one that this release does not have. */
export function contextNamed(name: string): PredicateContext {
  const found = CONTEXTS.get(name);
  if (!found) throw new Error(`No predicate context is named "${name}": there is ${[...CONTEXTS.keys()].join(', ')}.`);
  return found;
}

async function readContexts(folder: string): Promise<ReadonlyMap<string, PredicateContext>> {
  const contexts = new Map<string, PredicateContext>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort()) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { default?: PredicateContext };
    if (!module.default || `${module.default.name}.ts` !== file) {
      throw new Error(`api/contexts/${file}: needs a default export whose name is the file's.`);
    }
    contexts.set(module.default.name, module.default);
  }
  return contexts;
}
