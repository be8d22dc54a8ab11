/**
 * What a token may do of what its owner may: "<resource>:<letter>" with the letters of Grants, "*:<letter>" for every
 * resource, "facts:write" for /api/v1 and "reports:read". Actions count as changing ("u").
 */
import type { Caller } from '../context.ts';
import type { Choices, Pair, Resource } from '../contract.ts';

export type NamedScope = 'facts:write' | 'reports:read';

const LETTERS: { [letter: string]: Pair } = {
  r: ['查看', 'read'],
  c: ['新建', 'create'],
  u: ['修改与操作', 'change and act'],
  d: ['删除', 'delete'],
  i: ['导入', 'import'],
  x: ['导出', 'export'],
};

/** True for a person at a screen, and for a token that was given the letter for the resource. */
export function scopeAllows({ token }: Caller, resource: Resource, letter: string): boolean {
  if (!token) return true;
  if (resource.by_token === false) return false;
  return token.scopes.includes(`${resource.name}:${letter}`) || token.scopes.includes(`*:${letter}`);
}

/** True for a person at a screen, and for a token with that scope. */
export function hasScope({ token }: Caller, scope: NamedScope): boolean {
  return !token || token.scopes.includes(scope);
}

/** Every scope about resources, with what people call it; those of all resources first. */
export function tokenScopes(resources: Iterable<Resource>): Choices {
  const found: { [code: string]: Pair } = {};
  for (const [letter, [zh, en]] of Object.entries(LETTERS)) found[`*:${letter}`] = [`全部：${zh}`, `Everything: ${en}`];
  for (const each of resources) {
    if (each.by_token === false) continue;
    const offers = `${each.offers ?? 'crudix'}${each.actions ? 'u' : ''}`;
    for (const [letter, [zh, en]] of Object.entries(LETTERS)) {
      if (offers.includes(letter))
        found[`${each.name}:${letter}`] = [`${each.label[0]}：${zh}`, `${each.label[1]}: ${en}`];
    }
  }
  return found;
}
