import { expect, test } from 'vitest';
import {
  addSection,
  canJoin,
  changeField,
  dropField,
  joinField,
  moveField,
  moveSection,
  reflow,
  type Sections,
} from '../../admin/layout/layout-moves.ts';
import { applyLayout } from '../../api/form-layout.ts';

const START: Sections = [
  { name: 'one', label: ['一', 'One'], fields: ['a', ['b', 'c'], 'd'] },
  { name: 'two', label: ['二', 'Two'], fields: ['e'] },
];
const lines = (sections: Sections) => sections.map((section) => section.fields);

test('a field goes up and down line by line, out of a shared line first, and over into the next section', () => {
  expect(lines(moveField(START, 'd', -1))).toEqual([['a', 'd', ['b', 'c']], ['e']]);
  expect(lines(moveField(START, 'c', -1))).toEqual([['a', 'c', 'b', 'd'], ['e']]);
  expect(lines(moveField(START, 'b', 1))).toEqual([['a', 'c', 'b', 'd'], ['e']]);
  expect(lines(moveField(START, 'd', 1))).toEqual([
    ['a', ['b', 'c']],
    ['d', 'e'],
  ]);
  expect(lines(moveField(START, 'e', -1))).toEqual([['a', ['b', 'c'], 'd', 'e'], []]);
  expect(moveField(START, 'a', -1)).toBe(START);
  expect(moveField(START, 'unknown', 1)).toBe(START);
});

test('a field is dropped before another, or at the end of a section', () => {
  expect(lines(dropField(START, 'e', { section: 0, before: 'c' }))).toEqual([['a', 'e', ['b', 'c'], 'd'], []]);
  expect(lines(dropField(START, 'a', { section: 1, before: null }))).toEqual([
    [['b', 'c'], 'd'],
    ['e', 'a'],
  ]);
});

test('fields stand beside each other, four at most, and apart again', () => {
  const joined = joinField(START, 'd');
  expect(lines(joined)).toEqual([['a', ['b', 'c', 'd']], ['e']]);
  expect(lines(joinField(joined, 'd'))).toEqual(lines(START));
  expect(canJoin(START, 'a')).toBe(false);
  expect(canJoin([{ ...START[0]!, fields: [['a', 'b', 'c', 'd'], 'e'] }], 'e')).toBe(false);
  expect(lines(reflow(START, 0, 2))).toEqual([
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
    ['e'],
  ]);
  expect(lines(reflow(START, 0, 1))[0]).toEqual(['a', 'b', 'c', 'd']);
});

test('sections change places and are added under names of their own', () => {
  expect(moveSection(START, 1, 0).map((each) => each.name)).toEqual(['two', 'one']);
  expect(addSection([{ ...START[0]!, name: 'section_2' }], ['新', 'New']).map((each) => each.name)).toEqual([
    'section_2',
    'section_3',
  ]);
});

test('what is said of a field no more leaves nothing behind', () => {
  const said = changeField({ tabs: true }, 'a', { hidden: true });
  expect(said).toEqual({ tabs: true, fields: { a: { hidden: true } } });
  expect(changeField(said, 'a', { hidden: undefined })).toEqual({ tabs: true });
});

test('laid over a form that has more fields than the layout knows, nothing is lost', () => {
  const fields = Object.fromEntries([...'abcde'].map((name) => [name, { kind: 'text', label: [name, name] } as const]));
  const laid = applyLayout(
    { fields, form: START },
    { sections: [{ name: 'one', label: ['甲', 'A'], fields: ['d', 'gone'] }], fields: { b: { hidden: true } } },
  );
  expect(laid.form).toEqual([
    { name: 'one', label: ['甲', 'A'], fields: ['d', 'a', 'c'] },
    { name: 'two', label: ['二', 'Two'], fields: ['e'] },
  ]);
});
