import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Resource } from '../../api/contract.ts';
import { checkResource, loadResources } from '../../api/definitions.ts';

const folder = mkdtempSync(join(tmpdir(), 'evergreen-definitions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const resources = await loadResources();
const tiers = resources.get('tiers')!;

/** What is said of the tiers with one thing changed. */
function complaint(change: object): string {
  try {
    checkResource({ ...tiers, ...change } as Resource, resources);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('definitions', () => {
  test('of the product are all sound', () => {
    expect(resources.size).toBeGreaterThan(8);
  });

  const name = tiers.fields.name!;
  test.each<[string, object, string]>([
    ['a key', { labl: ['等级', 'Tiers'] }, '(definition): unknown "labl". Did you mean label?'],
    ['a column', { list: { ...tiers.list, columns: ['nmae'] } }, 'list.columns: unknown "nmae". Did you mean name?'],
    ['a sort', { list: { ...tiers.list, sort: '-rnak' } }, 'list.sort: unknown "rnak". Did you mean rank?'],
    ['a title', { title: ['name', 'name_em'] }, 'title: unknown "name_em". Did you mean name_en?'],
    ['a role', { access: { oprator: 'r' } }, 'access: unknown "oprator". Did you mean operator?'],
    ['a grant', { access: { operator: 'crz' } }, 'access.operator: unknown "z".'],
    [
      'a field of a section',
      { form: [{ name: 's', label: ['', ''], fields: [['name', 'colour']] }] },
      'Did you mean color?',
    ],
    [
      'a field of a rule',
      { rules: [{ name: 'r', when: { not: { rnk: { gt: 1 } } }, field: 'rank', message: ['', ''] }] },
      'rules[0].when: unknown "rnk"',
    ],
    [
      'a field compared with',
      { rows: { viewer: { rank: { gt: { $field: 'rankk' } } } } },
      'rows.viewer: unknown "rankk"',
    ],
    [
      'an option of a field',
      { fields: { ...tiers.fields, name: { ...name, maximum: 3 } } },
      'fields.name: unknown "maximum"',
    ],
    [
      'a relation',
      { fields: { ...tiers.fields, owner: { kind: 'ref', to: 'user', label: ['', ''] } } },
      'fields.owner.to: unknown "user". Did you mean users?',
    ],
    ['a name the server gives', { fields: { ...tiers.fields, version: name } }, '"version" is given by the server'],
    ['a child', { children: [{ resource: 'customers', field: 'tier_id' }] }, 'children[0].field: unknown "tier_id"'],
  ])('that misspell %s are refused with the path', (_, change, sentence) => {
    expect(complaint(change)).toContain(sentence);
    expect(complaint(change)).toMatch(/^api\/resources\/tiers\.ts: /);
  });

  test('are one to a file of the same name', async () => {
    const definition = resolve('api/definition.ts');
    writeFileSync(
      join(folder, 'colours.ts'),
      `import { f, resource } from ${JSON.stringify(definition)};
       export default resource('colors', { label: ['', ''], group: 'x', title: 'a', fields: { a: f.text({ label: ['', ''] }) }, access: {}, list: { columns: ['a'], sort: 'a' } });`,
    );
    await expect(loadResources(folder)).rejects.toThrow('file and resource carry the same name');
  });
});
