/** Random rows and predicates for the property tests. Values come from small pools, so that they often meet. */
import fc from 'fast-check';
import type { Comparison, Json, Operand, Predicate, PredicateContext, Row, ValueType } from '../../api/contract.ts';
import { LIMITS, type Moment, operatorsOf } from '../../api/predicate.ts';

/** Column -> type in Postgres; two fields of each type, so that fields can be compared with each other. */
export const COLUMNS: { [field: string]: { type: ValueType; column: string } } = {
  name: { type: 'text', column: 'text' },
  city: { type: 'text', column: 'text' },
  tier: { type: 'text', column: 'text' },
  order_count: { type: 'integer', column: 'integer' },
  user_id: { type: 'integer', column: 'bigint' },
  amount: { type: 'decimal', column: 'numeric' },
  limit_amount: { type: 'decimal', column: 'numeric' },
  consent: { type: 'boolean', column: 'boolean' },
  vip: { type: 'boolean', column: 'boolean' },
  born_on: { type: 'date', column: 'date' },
  joined_on: { type: 'date', column: 'date' },
  placed_at: { type: 'time', column: 'timestamptz' },
  paid_at: { type: 'time', column: 'timestamptz' },
  tags: { type: 'list', column: 'text[]' },
  channels: { type: 'list', column: 'text[]' },
  tiers: { type: 'ids', column: 'bigint[]' },
};
const TIERS = { gold: ['金卡', 'Gold'], silver: ['银卡', 'Silver'], none: ['普通', 'None'] } as const;

export const CONTEXT: PredicateContext = {
  name: 'samples',
  fields: Object.fromEntries(
    Object.entries(COLUMNS).map(([name, { type }]) => [
      name,
      { type, label: [`【${name}】`, name], ...(name === 'tier' ? { choices: TIERS } : {}) },
    ]),
  ),
};

const WORDS = [
  ...['', ' ', 'a', 'A', 'ab', 'aB', 'AB', 'b', 'Z', 'z', '[', '`', '0', '9', '10'],
  ...[
    '%',
    '_',
    '\\',
    '50%',
    'a_b',
    'a%b',
    '\\%',
    '{',
    '}',
    ',',
    '"',
    "'",
    'null',
    'NULL',
    '{a,b}',
    '$now',
    '$x',
    "';--",
  ],
  // Letters whose folding differs between servers, versions and JavaScript; composed and decomposed accents.
  ...[
    'é',
    'É',
    'e\u0301',
    'ß',
    'ẞ',
    'SS',
    'ss',
    'İ',
    'i',
    'ı',
    'I',
    '\u212a',
    'k',
    'K',
    'σ',
    'ς',
    'Σ',
    'ǅ',
    'Ａ',
    'ａ',
  ],
  // Around the surrogates, where UTF-16 order and code point order part.
  ...[
    '中',
    '国',
    '中国',
    '常青',
    '\ud7ff',
    '\ue000',
    '\ufffd',
    '\uffff',
    '\u{10000}',
    '\u{1f600}',
    'a\u{1f600}',
    '\u{10ffff}',
    '\u200d',
    '\u00a0',
  ],
];

/** One character each: wildcards and escapes, letters that fold in surprising ways, both sides of the surrogates. */
export const AWKWARD = [
  ...'aAkKiIsS%_\\éÉİıßẞσςΣ\u212a\u0301中',
  '\ue000',
  '\uffff',
  '\u{1f600}',
  '\u{10428}',
  '\u{10400}',
];

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map((pair) => pair.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }).map((word) => word.replaceAll('\0', 'n')) },
);
const integer = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(7, 2 ** 31 - 1, -(2 ** 31)));
const decimal = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '0.1',
    '0.2',
    '0.3',
    '0.30',
    '00.3',
    // The same number to a double.
    '0.30000000000000000001',
    '1',
    '1.0',
    '-1',
    '-1.5',
    '2',
    '10',
    '9',
    '9.99',
    '9.990',
    '99999999999999.99',
    '99999999999999.991',
    '-99999999999999.99',
  ),
  fc
    .tuple(fc.integer({ min: -120, max: 120 }), fc.integer({ min: 0, max: 99 }))
    .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`),
);
const date = fc.oneof(
  fc.constantFrom(
    '2024-02-28',
    '2024-02-29',
    '2024-03-01',
    '2026-03-08',
    '2026-03-09',
    '2026-03-10',
    '2026-03-11',
    '2025-10-26',
    '1999-12-31',
    '2000-01-01',
    '0001-01-01',
    '9999-12-31',
  ),
  fc.integer({ min: -20, max: 20 }).map((days) => new Date(Date.UTC(2026, 2, 10 + days)).toISOString().slice(0, 10)),
);
const OFFSETS = ['Z', '+00:00', '+08:00', '-03:30', '+05:45', '+14:00', '-12:00', '-00:00'];
const time = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        '2026-03-09T16:00:00',
        '2026-03-09T15:59:59',
        '2026-03-10T08:00:00',
        '2026-03-10T00:00:00',
        '2025-10-26T01:30:00',
        '2024-02-29T23:59:59',
      ),
      fc
        .integer({ min: -300, max: 300 })
        .map((hours) => new Date(Date.UTC(2026, 2, 10, hours)).toISOString().slice(0, 19)),
    ),
    fc.constantFrom('', '', '', '.5', '.500', '.000001', '.999999', '.123456'),
    fc.constantFrom(...OFFSETS),
  )
  .map((parts) => parts.join(''));
const list = fc.array(text, { maxLength: 4 });
const tier = fc.constantFrom(...Object.keys(TIERS));

const VALUES: { [type in ValueType]: fc.Arbitrary<Json> } = {
  text,
  integer,
  decimal,
  boolean: fc.boolean(),
  date,
  time,
  list,
  ids: fc.array(integer, { maxLength: 4 }),
};

export const row: fc.Arbitrary<Row> = fc.record(
  Object.fromEntries(
    Object.entries(COLUMNS).map(([name, { type }]) => [
      name,
      fc.option(name === 'tier' ? tier : VALUES[type], { freq: 3 }) as fc.Arbitrary<Json>,
    ]),
  ),
);

export const ZONES = [
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'Europe/London',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
];
export const moment: fc.Arbitrary<Moment> = fc.record({
  now: time,
  today: date.filter((day) => day > '1000' && day < '9000'),
  me: fc.option(integer),
  time_zone: fc.constantFrom(...ZONES),
});

/** How operands may say a value of the type. */
const TOKENS: { [type in ValueType]?: string[] } = {
  integer: ['$me'],
  ids: ['$me'],
  date: ['$today', '$today-1d', '$today+30d', '$today-2w'],
  time: ['$now', '$now-90m', '$now+2h', '$now-7d', '$now+1w', '$today', '$today-1d', '$today+1w'],
};

function literal(field: string, type: ValueType): fc.Arbitrary<Operand> {
  if (field === 'tier') return tier;
  if (type === 'list' || type === 'text') return text.map((word) => (word.startsWith('$') ? { $text: word } : word));
  if (type === 'time') return fc.oneof(time, date) as fc.Arbitrary<Operand>;
  if (type === 'decimal')
    return fc.oneof(decimal, fc.integer({ min: -20, max: 20 }), fc.constantFrom(0.1, 1.5, 1e-7, 2 ** 53 - 1));
  return (type === 'ids' ? integer : VALUES[type]) as fc.Arbitrary<Operand>;
}

function operand(field: string): fc.Arbitrary<Operand> {
  const { type } = COLUMNS[field]!;
  const number = (each: ValueType) => each === 'integer' || each === 'decimal';
  const others = Object.keys(COLUMNS).filter((name) => {
    const other = COLUMNS[name]!.type;
    if (type === 'ids') return other === 'integer';
    return type === 'list' ? other === 'text' : other === type || (number(other) && number(type));
  });
  const tokens = TOKENS[type];
  return fc.oneof(
    { weight: 8, arbitrary: literal(field, type) },
    { weight: 2, arbitrary: fc.constantFrom(...others).map(($field) => ({ $field })) },
    { weight: 1, arbitrary: fc.constant(null) },
    ...(tokens ? [{ weight: 3, arbitrary: fc.constantFrom(...tokens) }] : []),
  );
}

function comparison(field: string): fc.Arbitrary<Comparison> {
  const one = operand(field);
  const values: { [operator: string]: fc.Arbitrary<unknown> } = {
    in: fc.array(one, { maxLength: 5 }),
    nin: fc.array(one, { maxLength: 5 }),
    overlaps: fc.array(one, { maxLength: 5 }),
    between: fc.tuple(one, one),
    null: fc.constant(true),
    notNull: fc.constant(true),
    like: text,
    nlike: text,
    sw: text,
    ew: text,
  };
  const operators = operatorsOf(COLUMNS[field]!.type);
  const each = Object.fromEntries(operators.map((operator) => [operator, values[operator] ?? one]));
  return fc
    .uniqueArray(fc.constantFrom(...operators), { minLength: 0, maxLength: 2, size: 'max' })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((operator) => [operator, each[operator]!]))),
    ) as fc.Arbitrary<Comparison>;
}

const leaf: fc.Arbitrary<Predicate> = fc
  .uniqueArray(fc.constantFrom(...Object.keys(COLUMNS)), { minLength: 1, maxLength: 2 })
  .chain((fields) =>
    fc.record(Object.fromEntries(fields.map((field) => [field, comparison(field)]))),
  ) as fc.Arbitrary<Predicate>;

/** Predicates to depth 4, connectives beside fields and empty ones included. */
export const predicate: fc.Arbitrary<Predicate> = fc.letrec<{ node: Predicate }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('node'), { maxLength: 3 }).map((or) => ({ or })),
    tie('node').map((not) => ({ not })),
    fc.tuple(tie('node'), leaf).map(([not, fields]) => ({ ...fields, not }) as unknown as Predicate),
  ),
})).node;

/** `not` around `not`, `levels` times. */
export function nested(levels: number): Predicate {
  let deep: Predicate = {};
  for (let level = 1; level < levels; level++) deep = { not: deep };
  return deep;
}

export const { depth: DEPTH } = LIMITS;
