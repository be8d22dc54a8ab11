/** Views and routines are made in the order of what they refer to, whatever their names. */
import { expect, test } from 'vitest';
import { inOrder, readObjects } from '../../api/storage/sql-files.ts';

const file = (object: string, text: string) => ({ path: `${object}.sql`, name: object.split('.')[1]!, object, text });
const order = (...files: ReturnType<typeof file>[]) => inOrder(files).map((each) => each.object);

test('a view comes after what it reads', () => {
  expect(
    order(
      file('base.a', 'create view base.a as select * from base.b'),
      file('base.b', 'create view base.b as select * from base.c'),
      file('base.c', 'create view base.c as select 1 as one'),
    ),
  ).toEqual(['base.c', 'base.b', 'base.a']);
});

test('names in comments and texts are no references', () => {
  expect(
    order(
      file(
        'base.a',
        "create view base.a as select 'base.b' as b -- from base.b\n/* base.b */;\ncomment on view base.a is 'See base.b'",
      ),
      file('base.b', 'create view base.b as select * from base.a'),
    ),
  ).toEqual(['base.a', 'base.b']);
});

test('quoted bodies order the files where they can, and may call each other', () => {
  expect(
    order(
      file('ops.a', 'create function ops.a() … as $$ select ops.b() $$'),
      file('ops.b', 'create function ops.b() … as $body$ select ops.a(), ops.c() $body$'),
      file('ops.c', 'create function ops.c() … as $$ select ops.c() $$'),
    ),
  ).toEqual(['ops.c', 'ops.b', 'ops.a']);
});

test('a body that calls what is made of the function itself is not made first', () => {
  expect(
    order(
      file('ops.a', 'create function ops.a() … as $$ select * from base.v $$'),
      file('base.v', 'create view base.v as select ops.a()'),
    ),
  ).toEqual(['ops.a', 'base.v']);
});

test('views made of each other are refused with the circle', () => {
  expect(() =>
    order(
      file('base.a', 'create view base.a as select * from base.b'),
      file('base.b', 'create view base.b as select * from base.a'),
    ),
  ).toThrow('base.a.sql: made of itself: base.a -> base.b -> base.a');
});

test('two files that make one object are refused', () => {
  expect(() => inOrder([file('ops.a', ''), { ...file('ops.a', ''), path: 'jobs/a.sql' }])).toThrow(
    'ops.a.sql and jobs/a.sql both make ops.a',
  );
});

test('the files of the product have an order', () => {
  expect(readObjects().length).toBeGreaterThan(10);
});
