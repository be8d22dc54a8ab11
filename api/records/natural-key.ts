/** What a record is called in files: a unique text that people keep (a code, a number of the shop), else its id as "#12". */
import type { Caller } from '../context.ts';
import type { Resource } from '../contract.ts';
import { accessOf } from './access.ts';

const NAMING = new Set(['text', 'email', 'phone', 'choice']);

/** @returns the field, or null when the caller sees no such field unmasked */
export function naturalKey(resource: Resource, caller: Caller): string | null {
  const access = accessOf(caller, resource);
  const names = (name: string | undefined): name is string => {
    const field = name === undefined ? undefined : resource.fields[name];
    const seen = access.fields.get(name!);
    return access.list && field !== undefined && NAMING.has(field.kind) && seen?.read === true && !seen.masked;
  };
  const [key, ...more] = resource.import?.key ?? [];
  if (more.length === 0 && names(key)) return key;
  return Object.keys(resource.fields).find((name) => resource.fields[name]!.unique && names(name)) ?? null;
}
