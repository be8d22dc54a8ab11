import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble, flatten } from '../../admin/list/conditions.ts';
import { isChanged, type ListView, readView, type Standing, standingOf, writeView } from '../../admin/list/view.ts';
import { toPredicate, toTree } from '../../admin/predicate/tree.ts';
import type { MetaResource, MetaUser, Predicate, SavedView } from '../../api/contract.ts';

const label = ['x', 'x'] as const;
const resource: MetaResource = {
  name: 'things',
  label,
  group: 'g',
  title: 'name',
  fields: { name: { kind: 'text', label }, rank: { kind: 'integer', label } },
  list: { columns: ['name'], sort: '-rank' },
  can: { list: true, create: true, edit: true, delete: true, import: true, export: true },
  field_access: {},
};

const comparison = fc.oneof(
  fc.record({ eq: fc.string() }),
  fc.record({ in: fc.array(fc.integer()) }),
  fc.record({ gte: fc.integer(), lt: fc.integer() }),
  fc.constant({ null: true as const }),
);
const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { depthSize: 'small' },
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), comparison, { minKeys: 1 }) as fc.Arbitrary<Predicate>,
    fc.record({ and: fc.array(tie('predicate'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('predicate'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('predicate') }),
  ),
}));

test('the editor holds any predicate, and gives the same one back however often it goes round', () => {
  fc.assert(
    fc.property(predicate, (value) => {
      const once = toPredicate(toTree(value));
      expect(toPredicate(toTree(once))).toEqual(once);
    }),
  );
});

test('comparisons joined by and are chips; or and not stay whole', () => {
  const { conditions, rest } = flatten({
    and: [{ a: { gte: 1, lt: 5 } }, { or: [{ b: { eq: 1 } }] }, { not: { c: { eq: 2 } } }],
  });
  expect(conditions).toEqual([
    { field: 'a', operator: 'gte', value: 1 },
    { field: 'a', operator: 'lt', value: 5 },
  ]);
  expect(rest).toHaveLength(2);
  expect(flatten(assemble(conditions, rest))).toEqual({ conditions, rest });
});

test('two conditions on one field both survive being put together', () => {
  const both = assemble(
    [
      { field: 'a', operator: 'gte', value: 1 },
      { field: 'a', operator: 'gte', value: 3 },
    ],
    [],
  );
  expect(flatten(both).conditions).toHaveLength(2);
});

const plain: Standing = { resource, lang: 'zh', views: [], habits: {}, first: '' };
const address = (view: ListView, standing: Standing) => writeView(view, standing).toString();
const read = (text: string, standing: Standing) => readView(new URLSearchParams(text), standing);

test('a list in the address comes back as it was, whatever was typed', () => {
  const view = read('', plain);
  const asked = {
    ...view,
    q: 'A&B + c#',
    where: { name: { like: '50% +&=' } },
    page: 4,
    layout: 'cards' as const,
    sort: [{ field: 'name', order: 'asc' as const }],
  };
  expect(read(address(asked, plain), plain)).toEqual(asked);
  expect(address(view, plain)).toBe('');
});

test('an address that makes no sense gives the plain list', () => {
  const search = {
    page: '-3',
    size: '7',
    where: '{oops',
    sort: 'gone,-name',
    layout: 'pyramid',
    columns: 'gone',
    view: 'x',
  };
  expect(readView(new URLSearchParams(search), plain)).toMatchObject({
    page: 1,
    size: 25,
    where: {},
    view: '',
    layout: 'table',
    columns: resource.list.columns,
    sort: [{ field: 'name', order: 'desc' }],
  });
});

test('a record with a name in each language is listed by the one that is read', () => {
  const fields = { ...resource.fields, name_en: resource.fields.name! };
  const named: MetaResource = { ...resource, title: ['name', 'name_en'], fields };
  const columns = (lang: 'zh' | 'en') => readView(new URLSearchParams(), { ...plain, resource: named, lang }).columns;
  expect(columns('zh')).toEqual(resource.list.columns);
  expect(columns('en')).toEqual(resource.list.columns.map((name) => (name === 'name' ? 'name_en' : name)));
  expect(columns('en')).toContain('name_en');
});

describe('a saved view in the address', () => {
  const settings = { q: 'x', where: { name: { eq: 'a' } }, sort: '-name', columns: ['name'] };
  const saved = { code: 'abcdefgh', resource: resource.name, settings, default_roles: [] } as unknown as SavedView;
  const known: Standing = { ...plain, views: [saved] };

  test('is its code, and what was changed since', () => {
    const view = read('view=abcdefgh', known);
    expect(view).toMatchObject({ view: 'abcdefgh', q: 'x', where: { name: { eq: 'a' } }, columns: ['name'] });
    expect(address(view, known)).toBe('view=abcdefgh');
    expect(isChanged(view, known)).toBe(false);
    const changed = { ...view, q: '', where: {} };
    expect(address(changed, known)).toBe('q=&where=%7B%7D&view=abcdefgh');
    expect(read(address(changed, known), known)).toEqual(changed);
    expect(isChanged(changed, known)).toBe(true);
  });

  test('that comes first needs no word, and stays out of an address that says what it shows', () => {
    const first = { ...known, first: 'abcdefgh' };
    expect(read('', first).view).toBe('abcdefgh');
    expect(read('page=2', first)).toMatchObject({ view: 'abcdefgh', page: 2 });
    expect(read('q=y', first)).toMatchObject({ view: '', q: 'y', where: {} });
    expect(read('view=all', first)).toMatchObject({ view: '', q: '' });
    for (const text of ['', 'page=2', 'view=all', 'q=y', 'view=abcdefgh&q=z'])
      expect(read(address(read(text, first), first), first)).toEqual(read(text, first));
  });

  test('is the one a person chose before the one of their role, and none if they chose none', () => {
    const given = { ...saved, code: 'given111', default_roles: ['viewer'] } as SavedView;
    const meta = { user: { roles: ['viewer'] } as unknown as MetaUser, views: [saved, given], preferences: {} };
    expect(standingOf(meta, resource, 'zh').first).toBe('given111');
    const habits = (view: string) => ({ ...meta, preferences: { [resource.name]: { view } } });
    expect(standingOf(habits('abcdefgh'), resource, 'zh').first).toBe('abcdefgh');
    expect(standingOf(habits(''), resource, 'zh').first).toBe('');
    expect(standingOf(habits('deleted1'), resource, 'zh').first).toBe('given111');
  });
});

test('habits are where a plain list starts, and an order of habit is said for others', () => {
  const own: Standing = { ...plain, habits: { sort: '-name', size: 50, columns: ['name'] } };
  const view = read('', own);
  expect(view).toMatchObject({ size: 50, columns: ['name'], sort: [{ field: 'name', order: 'desc' }] });
  expect(read(address(view, own), plain).sort).toEqual(view.sort);
});
