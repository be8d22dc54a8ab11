/** Rows of a child table in the form: shared out, merged, copied, and what conditions make of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUnits, shareOut, toUnits } from '../../admin/fields/exact.ts';
import { changedValues, copiedRecord, mergeRecords } from '../../admin/form/changes.ts';
import { fieldStates } from '../../admin/form/field-states.ts';
import { liveFaults } from '../../admin/form/live-faults.ts';
import { mergeRows } from '../../admin/form/rows-merge.ts';
import { fieldsContext } from '../../admin/predicate/context.ts';
import type { MetaResource, Row } from '../../api/contract.ts';

const label = ['项', 'item'] as const;
const fields: MetaResource['fields'] = {
  code: { kind: 'text', label, unique: true },
  name: { kind: 'text', label, required: true, max: 12 },
  kind: { kind: 'choice', label, choices: { a: label, b: label } },
  limit: { kind: 'integer', label, min: 1, max: 9, requiredWhen: { kind: { eq: 'b' } } },
  note: { kind: 'text', label, readonlyWhen: { kind: { eq: 'b' } } },
  hidden: { kind: 'text', label, showWhen: { kind: { eq: 'a' } }, whenHidden: 'clear' },
  follows: { kind: 'text', label, showWhen: { hidden: { notNull: true } } },
  lines: {
    kind: 'rows',
    label,
    table: 'app.lines',
    by: 'thing_id',
    fields: { name: { kind: 'text', label }, spent: { kind: 'money', label, readonly: true } },
  },
};
const resource: MetaResource = {
  name: 'things',
  label,
  group: 'g',
  title: 'name',
  fields,
  rules: [
    {
      name: 'limit_needs_code',
      when: { or: [{ limit: { null: true } }, { code: { notNull: true } }] },
      field: 'code',
      message: ['要编码', 'Needs a code'],
    },
  ],
  list: { columns: ['name'], sort: 'name' },
  can: { list: true, create: true, edit: true, delete: true, import: true, export: true },
  field_access: {},
};
const moment = { now: '2026-03-01T00:00:00.000Z', today: '2026-03-01', me: 1, time_zone: 'Asia/Shanghai' };
const context = fieldsContext('things', fields);
const states = (values: Row) => fieldStates(fields, values, { context, moment });

test('units are shared out without a cent lost, nobody more than one from their exact share', () => {
  expect(shareOut(10_000n, [20n, 50n, 30n])).toEqual([2_000n, 5_000n, 3_000n]);
  expect(shareOut(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
  expect(shareOut(5n, [0n, 0n])).toEqual([3n, 2n]);
  const units = fc.bigInt({ min: 0n, max: 10n ** 16n });
  fc.assert(
    fc.property(
      units,
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 40 }),
      (goal, weights) => {
        const shares = shareOut(goal, weights);
        expect(shares.reduce((all, share) => all + share, 0n)).toBe(goal);
        const sum = weights.reduce((all, weight) => all + weight, 0n);
        if (sum === 0n) return;
        for (const [at, share] of shares.entries()) {
          const off = share * sum - goal * weights[at]!;
          expect(off < sum && off > -sum).toBe(true);
        }
      },
    ),
  );
});

test('a number is counted in its units and written as it was', () => {
  expect(toUnits('12.5', 2)).toBe(1250n);
  expect(toUnits('-0.07', 2)).toBe(-7n);
  expect(toUnits('0.005', 2)).toBeNull();
  expect(toUnits('x', 2)).toBeNull();
  fc.assert(
    fc.property(
      fc.bigInt(),
      fc.integer({ min: 0, max: 8 }),
      (units, scale) => toUnits(fromUnits(units, scale), scale) === units,
    ),
  );
});

const row = (id: number, name: string, more: Row = {}): Row => ({ id, name, ...more });
const base = [row(1, 'a'), row(2, 'b'), row(3, 'c')];

test('two people change different rows, add and remove: both changes stay', () => {
  const mine = [row(1, 'A'), row(2, 'b'), row(3, 'c'), { name: 'mine', $key: 'k' }];
  const theirs = [row(3, 'c'), row(1, 'a', { note: 'x' }), row(9, 'theirs')];
  expect(mergeRows(base, mine, theirs)).toEqual([
    row(3, 'c'),
    row(1, 'A', { note: 'x' }),
    row(9, 'theirs'),
    { name: 'mine', $key: 'k' },
  ]);
});

test.each([
  ['the same field', [row(1, 'x'), base[1], base[2]], [row(1, 'y'), base[1], base[2]]],
  ['a row that the other removed', [row(1, 'x'), base[1], base[2]], [base[1], base[2]]],
  ['the order, differently', [base[1], base[0], base[2]], [base[2], base[0], base[1]]],
] as [string, Row[], Row[]][])('two people change %s: they are asked', (_, mine, theirs) => {
  expect(mergeRows(base, mine, theirs)).toBeNull();
  const record = (lines: Row[]): Row => ({ id: 1, lines });
  const merge = mergeRecords({
    base: record(base),
    mine: record(mine),
    theirs: record(theirs),
    fields: ['lines'],
    lists: new Set(['lines']),
  });
  expect(merge.conflicts).toEqual(['lines']);
});

test('rows are sent without what only the form or the server writes', () => {
  const stored = { id: 1, lines: [row(1, 'a', { spent: '5.00' })] };
  const send = (lines: Row[]) =>
    changedValues({ resource, base: stored, values: { ...stored, lines }, creating: false, context, moment });
  expect(send([row(1, 'a', { spent: '5.00' })])).toEqual({});
  expect(send([row(1, 'b', { spent: '5.00' }), { name: 'n', $key: 'k' }])).toEqual({
    lines: [{ id: 1, name: 'b' }, { name: 'n' }],
  });
});

test('a copy has no ids, and clears what must differ', () => {
  const record = { id: 1, code: 'x', name: 'Gold', kind: 'a', lines: [row(1, 'a', { spent: '5.00' })] };
  const { row: copy, cleared } = copiedRecord(resource, record, (text) => `${text} (copy)`);
  expect(cleared).toEqual(['code']);
  expect(copy).toMatchObject({ code: null, name: 'Gold (copy)', kind: 'a', lines: [{ name: 'a' }] });
  expect(copy.lines).not.toMatchObject([{ id: 1 }]);
  expect(JSON.stringify(copy)).not.toContain('spent');
  // A mark that does not fit is left out.
  expect(copiedRecord(resource, { ...record, name: 'Gold and blue' }, (text) => `${text} (copy)`).row.name).toBe(
    'Gold and blue',
  );
});

test('conditions hide, lock and require; what is hidden and cleared may hide the next', () => {
  const a = states({ kind: 'a', hidden: 'x' });
  expect([a.shown('hidden'), a.shown('follows'), a.locked('note'), a.required('limit')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const b = states({ kind: 'b', hidden: 'x' });
  expect([b.shown('hidden'), b.shown('follows'), b.locked('note'), b.required('limit')]).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(b.effective.hidden).toBeNull();
  const locked = { id: 1, kind: 'b', note: 'old' };
  expect(
    changedValues({ resource, base: locked, values: { ...locked, note: 'new' }, creating: false, context, moment }),
  ).toEqual({});
});

test('what is wrong is said of fields that were left, and of rules over them', () => {
  const say = (values: Row, touched: string[]) =>
    liveFaults({ resource, states: states(values), touched: new Set(touched), writable: () => true, context, moment });
  expect(say({ kind: 'b', limit: 12 }, [])).toEqual({});
  expect(say({ kind: 'b', limit: 12 }, ['limit'])).toEqual({
    limit: { key: 'live.too_large', params: { label, max: '9' } },
  });
  expect(say({ kind: 'b' }, ['limit'])).toMatchObject({ limit: { key: 'live.required' } });
  expect(say({ limit: 'x' }, ['limit'])).toMatchObject({ limit: { key: 'live.not_a_number' } });
  expect(say({ limit: 5 }, ['limit'])).toEqual({ code: { message: ['要编码', 'Needs a code'] } });
});
