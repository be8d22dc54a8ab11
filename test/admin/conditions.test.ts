import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assemble, flatten } from '../../admin/list/conditions.ts';
import { readView, writeView } from '../../admin/list/view.ts';
import { toPredicate, toTree } from '../../admin/predicate/tree.ts';
import type { MetaResource, Predicate } from '../../api/contract.ts';

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

globalThis.localStorage ??= { getItem: () => null, setItem: () => {}, removeItem: () => {} } as unknown as Storage;

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

test('a list in the address comes back as it was, whatever was typed', () => {
  const view = readView(new URLSearchParams(), resource);
  const asked = {
    ...view,
    q: 'A&B + c#',
    where: { name: { like: '50% +&=' } },
    page: 4,
    sort: [{ field: 'name', order: 'asc' as const }],
  };
  expect(readView(new URLSearchParams(writeView(asked, resource).toString()), resource)).toEqual(asked);
  expect(writeView(view, resource).toString()).toBe('');
});

test('an address that makes no sense gives the plain list', () => {
  const view = readView(new URLSearchParams({ page: '-3', size: '7', where: '{oops', sort: 'gone,-name' }), resource);
  expect(view).toMatchObject({ page: 1, size: 25, where: {}, sort: [{ field: 'name', order: 'desc' }] });
});
