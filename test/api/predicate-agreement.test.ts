/** The compiler, run by Postgres, and the evaluator must say the same of every row. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Predicate, Row } from '../../api/contract.ts';
import { checkPredicate, evaluatePredicate, type Moment, printPredicate } from '../../api/predicate.ts';
import { predicateToSql } from '../../api/predicate-sql.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { COLUMNS, CONTEXT, moment, predicate, row, ZONES } from './predicate-samples.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

/** For each predicate, the rows Postgres finds with it as a condition, and those for which its value is true, false, null. */
async function ask(predicates: Predicate[], rows: Row[], at: Moment) {
  const columns = Object.entries(COLUMNS).map(([name, { column }]) => sql`${sql.ref(name)} ${sql.raw(column)}`);
  const options = { column: (field: string) => sql.ref(`samples.${field}`), moment: at };
  const found = predicates.flatMap((each, index) => {
    const condition = predicateToSql(each, CONTEXT, options);
    const value = predicateToSql(each, CONTEXT, { ...options, as: 'value' });
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

test('case folding, wildcards and order of text agree for every kind of character', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: 'binary', maxLength: 3 }).map((word) => word.replaceAll('\0', '')),
        { minLength: 40, maxLength: 60, size: 'max' },
      ),
      moment,
      async (words, at) => {
        const rows = words.map((name) => ({ name }));
        const predicates: Predicate[] = words
          .slice(0, 8)
          .flatMap((word) => [
            { name: { like: word } },
            { name: { sw: word } },
            { name: { gt: { $text: word } } },
            { name: { lte: { $text: word } } },
          ]);
        const answers = await ask(predicates, rows, at);
        for (const [index, each] of predicates.entries()) {
          const expected = rows.flatMap((values, no) => (evaluatePredicate(each, CONTEXT, values, at) ? [no] : []));
          expect(answers[index]?.condition).toEqual(expected);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a day compared with a time is that day of the zone, as Postgres reckons it', async () => {
  const zones = [...ZONES, 'America/Sao_Paulo', 'Africa/Cairo', 'Asia/Beirut', 'Australia/Lord_Howe', 'Asia/Tehran'];
  const instant = fc
    .integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2022, 0, 1) })
    .map((time) => new Date(time).toISOString());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.array(instant, { minLength: 20, maxLength: 60, size: 'max' }),
      async (time_zone, times) => {
        const { rows } = await sql<{ day: string }>`
        select ((instant.at at time zone ${time_zone})::date)::text as day
        from unnest(${times}::timestamptz[]) with ordinality as instant(at, no) order by no
      `.execute(t.db);
        const at: Moment = { now: times[0]!, today: '2026-03-10', me: null, time_zone };
        for (const [index, { day }] of rows.entries()) {
          const values = { placed_at: times[index]! };
          for (const [operator, expected] of [
            ['eq', true],
            ['ne', false],
            ['lte', true],
            ['gte', true],
            ['lt', false],
            ['gt', false],
          ] as const) {
            expect(
              evaluatePredicate({ placed_at: { [operator]: day } }, CONTEXT, values, at),
              `${times[index]} ${time_zone} ${operator} ${day}`,
            ).toBe(expected);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
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
