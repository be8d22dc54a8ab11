import { expect, test } from 'vitest';
import { filterPredicate, listQuery, onePath } from '../../admin/refine/wire.ts';

const params = (query: string | null) => Object.fromEntries(new URLSearchParams(query ?? ''));

test('a page, several sorts and the wanted columns go out in the dialect of simple-rest', () => {
  const query = listQuery({
    pagination: { currentPage: 3, pageSize: 25 },
    sorters: [
      { field: 'rank', order: 'asc' },
      { field: 'name', order: 'desc' },
    ],
    meta: { fields: ['name', 'rank'], labels: true },
  });
  expect(params(query)).toEqual({
    _fields: 'name,rank',
    _labels: '1',
    _start: '50',
    _end: '75',
    _sort: 'rank,name',
    _order: 'asc,desc',
  });
});

test('signs that mean something in an address arrive as they were typed', () => {
  const value = 'A&B + 50% #1 王';
  expect(params(listQuery({ meta: { q: value } })).q).toBe(value);
  expect(params(listQuery({ filters: [{ field: 'name', operator: 'eq', value }] })).name).toBe(value);
  expect(onePath('a/b', 'x?y')).toBe('/api/a%2Fb/x%3Fy');
});

test.each([
  ['gt', 5, { gt: 5 }],
  ['lt', 5, { lt: 5 }],
  ['in', [1, 2], { in: [1, 2] }],
  ['nin', [1, 2], { nin: [1, 2] }],
  ['between', ['2026-01-01', '2026-02-01'], { between: ['2026-01-01', '2026-02-01'] }],
  ['startswith', '李', { sw: '李' }],
  ['endswith', 'x', { ew: 'x' }],
  ['ncontains', 'x', { nlike: 'x' }],
  ['null', true, { null: true }],
  ['nnull', true, { notNull: true }],
  ['ina', ['vip'], { overlaps: ['vip'] }],
] as const)(
  'the operator %s, which the stock client sends as equality, becomes a condition',
  (operator, value, comparison) => {
    const query = listQuery({ filters: [{ field: 'f', operator, value }] });
    expect(JSON.parse(params(query)._where ?? '')).toEqual({ f: comparison });
  },
);

test('and / or, nested, become one condition', () => {
  const query = listQuery({
    filters: [
      {
        operator: 'or',
        value: [
          { field: 'a', operator: 'eq', value: 1 },
          { operator: 'and', value: [{ field: 'b', operator: 'gt', value: 2 }] },
        ],
      },
      { field: 'c', operator: 'nbetween', value: [1, 2] },
    ],
    meta: { where: { d: { eq: 4 } } },
  });
  expect(JSON.parse(params(query)._where ?? '')).toEqual({
    and: [
      { d: { eq: 4 } },
      { or: [{ a: { eq: 1 } }, { and: [{ b: { gt: 2 } }] }] },
      { not: { c: { between: [1, 2] } } },
    ],
  });
});

test('`in` nothing is nothing, without asking', () => {
  expect(listQuery({ filters: [{ field: 'id', operator: 'in', value: [] }] })).toBeNull();
  expect(listQuery({ filters: [{ operator: 'and', value: [{ field: 'id', operator: 'in', value: [] }] }] })).toBeNull();
});

test('a filter without a value yet is no filter', () => {
  expect(listQuery({ filters: [{ field: 'name', operator: 'contains', value: '' }] })).toBe('');
  expect(listQuery({ filters: [{ field: 'name', operator: 'eq', value: undefined }] })).toBe('');
});

test('an operator without a counterpart is refused loudly', () => {
  expect(() => filterPredicate({ field: 'name', operator: 'containss', value: 'x' })).toThrow(/containss/);
});
