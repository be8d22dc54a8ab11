/**
 * The predicate contexts beyond the resources: what rules of each kind may ask about. Every file in api/contexts is one,
 * named like its context; GET /api/_meta serves them to the rule editors.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PredicateContext, Resource } from './contract.ts';
import { resourceContext } from './records/resource-context.ts';

const FOLDER = join(import.meta.dirname, 'contexts');

/** By name, in the order of the names. */
export const CONTEXTS: ReadonlyMap<string, PredicateContext> = await readContexts(FOLDER);

const kept = new WeakMap<ReadonlyMap<string, Resource>, ReadonlyMap<string, PredicateContext>>();

/** The contexts with the fields that staff added, but for personal data: it is nothing to make rules of. */
export function contextsOf(resources: ReadonlyMap<string, Resource>): ReadonlyMap<string, PredicateContext> {
  let contexts = kept.get(resources);
  if (!contexts) {
    contexts = new Map([...CONTEXTS].map(([name, context]) => [name, withCustom(context, resources)]));
    kept.set(resources, contexts);
  }
  return contexts;
}

function withCustom(context: PredicateContext, resources: ReadonlyMap<string, Resource>): PredicateContext {
  const resource = context.custom_of === undefined ? undefined : resources.get(context.custom_of);
  if (!resource) return context;
  const known = resourceContext(resource).fields;
  const added = Object.entries(resource.fields).filter(
    ([name, field]) => field.custom && !field.pii && known[name] && !Object.hasOwn(context.fields, name),
  );
  if (added.length === 0) return context;
  return {
    ...context,
    fields: { ...context.fields, ...Object.fromEntries(added.map(([name]) => [name, known[name]!])) },
  };
}

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
