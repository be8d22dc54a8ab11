import { expect, test } from 'vitest';
import { blankRecord, changedValues, mergeRecords, sameValue } from '../../admin/form/changes.ts';
import { fieldsContext } from '../../admin/predicate/context.ts';
import type { MetaResource } from '../../api/contract.ts';

const label = ['x', 'x'] as const;
const fields: MetaResource['fields'] = {
  code: { kind: 'text', label, frozen: true },
  name: { kind: 'text', label },
  window: { kind: 'choice', label, choices: { rolling: label, lifetime: label }, default: 'rolling' },
  days: { kind: 'integer', label, showWhen: { window: { eq: 'rolling' } }, whenHidden: 'clear' },
  groups: { kind: 'tags', label, showWhen: { window: { eq: 'lifetime' } }, whenHidden: 'clear' },
  note: { kind: 'text', label, showWhen: { window: { eq: 'rolling' } }, whenHidden: 'keep' },
  secret: { kind: 'text', label },
  rank: { kind: 'integer', label, readonly: true },
};
const resource: MetaResource = {
  name: 'things',
  label,
  group: 'g',
  title: 'name',
  fields,
  list: { columns: ['name'], sort: 'name' },
  can: { list: true, create: true, edit: true, delete: true, import: true, export: true },
  field_access: { secret: { read: true, write: false, masked: false } },
};
const moment = { now: '2026-03-01T00:00:00.000Z', today: '2026-03-01', me: 1, time_zone: 'Asia/Shanghai' };
const context = fieldsContext('things', fields);
const base = { id: 1, code: 'a', name: 'A', window: 'rolling', days: 30, groups: [], note: 'n', secret: 's', rank: 1 };
const changed = (values: object, creating = false) =>
  changedValues({ resource, base, values: { ...base, ...values }, creating, context, moment });

test('only what changed is sent; what may not be written never', () => {
  expect(changed({})).toEqual({});
  expect(changed({ name: 'B', code: 'b', secret: 'no', rank: 9 })).toEqual({ name: 'B' });
});

test('a hidden field is cleared or kept as its definition says', () => {
  expect(changed({ window: 'lifetime', days: 60, note: 'other' })).toEqual({ window: 'lifetime', days: null });
});

test('a hidden list is cleared to an empty one, and is no change when it is empty already', () => {
  expect(changed({ name: 'B' })).toEqual({ name: 'B' });
  const tagged = { ...base, groups: ['a'] };
  expect(changedValues({ resource, base: tagged, values: tagged, creating: false, context, moment })).toEqual({
    groups: [],
  });
});

test('a new record sends what has a value, frozen fields included', () => {
  expect(changed({ code: 'b', name: null }, true)).toEqual({ code: 'b', window: 'rolling', days: 30, note: 'n' });
});

test('a default that was cleared is sent as nothing: the server would put it back', () => {
  expect(changed({ code: 'b', window: null }, true)).toEqual({ code: 'b', name: 'A', window: null });
});

test('a new record starts with defaults, then with what the address gives', () => {
  expect(blankRecord(resource, new URLSearchParams({ days: '7', name: 'A&B', rank: '5' }))).toEqual({
    code: null,
    name: 'A&B',
    window: 'rolling',
    days: 7,
    groups: null,
    note: null,
  });
});

test('changes of different fields merge by themselves', () => {
  const merge = mergeRecords({
    base,
    mine: { ...base, name: 'Mine' },
    theirs: { ...base, days: 90 },
    fields: ['name', 'window', 'days'],
  });
  expect(merge).toMatchObject({ conflicts: [], mine: ['name'], theirs: ['days'] });
  expect(merge.merged).toMatchObject({ name: 'Mine', days: 90 });
});

test('the same field changed to different values is a conflict, to the same value is none', () => {
  const fields_of = ['name', 'days'];
  const theirs = { ...base, name: 'Theirs', days: 90 };
  const merge = mergeRecords({ base, mine: { ...base, name: 'Mine', days: 90 }, theirs, fields: fields_of });
  expect(merge.conflicts).toEqual(['name']);
  expect(merge.mine).toEqual(['days']);
  expect(merge.merged.name).toBe('Theirs');
});

test('the order of keys is no change, the order of a list is', () => {
  expect(sameValue({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(sameValue([1, 2], [2, 1])).toBe(false);
  expect(sameValue(null, undefined)).toBe(true);
});
