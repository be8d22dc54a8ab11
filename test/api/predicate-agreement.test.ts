/** The compiler, run by Postgres, and the evaluator must say the same of every row. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Predicate, Row } from '../../api/contract.ts';
import {
  checkPredicate,
  compilePredicate,
  evaluatePredicate,
  type Moment,
  printPredicate,
} from '../../api/predicate.ts';
import { predicateToSql } from '../../api/predicate-sql.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { AWKWARD, COLUMNS, CONTEXT, moment, predicate, row, ZONES } from './predicate-samples.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

/** For each predicate, the rows Postgres finds with it as a condition, and those for which its value is true, false, null. */
async function ask(predicates: Predicate[], rows: Row[], at: Moment) {
  const columns = Object.entries(COLUMNS).map(([name, { column }]) => {
    // A customer's server may sort by language, and differently from column to column.
    const collation = name === 'name' ? sql`collate "und-x-icu"` : name === 'tier' ? sql`collate "C"` : sql``;
    return sql`${sql.ref(name)} ${sql.raw(column)} ${collation}`;
  });
  const options = { column: (field: string) => sql.ref(`samples.${field}`), moment: at };
  const found = predicates.flatMap((each, index) => {
    const condition = predicateToSql(each, CONTEXT, options);
    // Once with the values bound, once with them in the text.
    const value = predicateToSql(each, CONTEXT, { ...options, as: 'value', fixed: true });
    return [
      sql`array_agg(no) filter (where ${condition}) as ${sql.ref(`condition_${index}`)}`,
      sql`array_agg(no) filter (where ${value}) as ${sql.ref(`value_${index}`)}`,
      sql`bool_and(${value} is not null) as ${sql.ref(`certain_${index}`)}`,
    ];
  });
  const { rows: answers } = await sql<{ [column: string]: unknown }>`
    select ${sql.join(found)}
    from jsonb_to_recordset(${JSON.stringify(rows.map((each, no) => ({ ...each, no })))}::jsonb)
      as samples(no integer, ${sql.join(columns)})
  `.execute(t.db);
  const answer = answers[0]!;
  return predicates.map((_, index) => ({
    condition: answer[`condition_${index}`] ?? [],
    value: answer[`value_${index}`] ?? [],
    certain: answer[`certain_${index}`],
  }));
}

test('Postgres and the evaluator find the same rows, and a value is never null', { timeout: 60_000 }, async () => {
  let matches = 0;
  let total = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.array(predicate, { minLength: 1, maxLength: 10, size: 'max' }),
      moment,
      async (rows, predicates, at) => {
        const answers = await ask(predicates, rows, at);
        for (const [index, each] of predicates.entries()) {
          const expected = rows.flatMap((values, no) => (evaluatePredicate(each, CONTEXT, values, at) ? [no] : []));
          expect(answers[index], printPredicate(each, CONTEXT, 'en')).toEqual({
            condition: expected,
            value: expected,
            certain: true,
          });
          matches += expected.length;
          total += rows.length;
        }
      },
    ),
    { numRuns: 250 },
  );
  // A sample in which nearly everything or nothing matches would show little.
  expect(matches / total).toBeGreaterThan(0.1);
  expect(matches / total).toBeLessThan(0.9);
});

test('case, wildcards and order of text agree for every kind of character', { timeout: 60_000 }, async () => {
  const any = fc.string({ unit: 'binary', maxLength: 3 }).map((word) => word.replaceAll('\0', ''));
  const awkward = fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 5, arbitrary: awkward }, any), { minLength: 40, maxLength: 60, size: 'max' }),
      moment,
      async (words, at) => {
        const rows = words.map((name) => ({ name, city: name }));
        const operators = ['like', 'nlike', 'sw', 'ew', 'gt', 'lte', 'eq'];
        const predicates = words
          .slice(0, 6)
          .flatMap((name) =>
            ['name', 'city'].flatMap((field) =>
              operators.map((operator): Predicate => ({ [field]: { [operator]: name } })),
            ),
          );
        const answers = await ask(predicates, rows, at);
        for (const [index, each] of predicates.entries()) {
          const expected = rows.flatMap((values, no) => (evaluatePredicate(each, CONTEXT, values, at) ? [no] : []));
          expect(answers[index]?.condition, JSON.stringify(each)).toEqual(expected);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a day compared with a time is that day of the zone, as Postgres reckons it', { timeout: 60_000 }, async () => {
  const unusual = ['America/Sao_Paulo', 'Africa/Cairo', 'Asia/Beirut', 'Australia/Lord_Howe', 'America/Havana'];
  for (const time_zone of [...ZONES, ...unusual]) {
    // Every half hour around each change of clocks, and around each New Year.
    const { rows } = await sql<{ at: string; day: string }>`
      with offsets as (
        select day, (day at time zone ${time_zone}) - (day at time zone 'UTC') as ahead
        from generate_series('1993-01-01Z'::timestamptz, '2021-12-31Z', interval '1 day') as day
      ),
      changes as (
        select day, ahead is distinct from lag(ahead) over (order by day) or extract(doy from day) = 1 as near
        from offsets
      )
      select
        to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
        ((instant at time zone ${time_zone})::date)::text as day
      from changes
      cross join lateral generate_series(day - interval '40 hours', day + interval '16 hours', interval '30 minutes') as instant
      where near
    `.execute(t.db);
    const there: Moment = { now: '2026-03-10T00:00:00Z', today: '2026-03-10', me: null, time_zone };
    const tests = new Map<string, ((row: Row) => boolean)[]>();
    const wrong = rows.filter(({ at, day }) => {
      const known =
        tests.get(day) ??
        ['eq', 'lt', 'gt'].map((how) => compilePredicate({ placed_at: { [how]: day } }, CONTEXT, there));
      tests.set(day, known);
      return known.map((holds) => holds({ placed_at: at })).join() !== 'true,false,false';
    });
    expect(rows.length).toBeGreaterThan(3_000);
    expect(wrong, time_zone).toEqual([]);
  }
});

test('what was checked stays as it is when checked again, after a trip through JSON', () => {
  fc.assert(
    fc.property(predicate, (each) => {
      const once = checkPredicate(each, CONTEXT);
      expect(checkPredicate(JSON.parse(JSON.stringify(once)), CONTEXT)).toEqual(once);
    }),
    { numRuns: 500 },
  );
});

test('any predicate can be printed, and so can anything else', () => {
  fc.assert(
    fc.property(
      fc.oneof(predicate, fc.jsonValue() as fc.Arbitrary<Predicate>),
      fc.constantFrom('zh', 'en'),
      (each, lang) => {
        expect(typeof printPredicate(each, CONTEXT, lang)).toBe('string');
      },
    ),
    { numRuns: 1000 },
  );
});
