/** Values and records as people, programs and files give them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field, FieldKind, Json, PredicateContext, Row } from '../../api/contract.ts';
import { f, resource } from '../../api/definition.ts';
import { fieldError } from '../../api/errors.ts';
import { compileRow, contextOf, Fault, parseFieldValue, validateRecord } from '../../api/validate.ts';
import { requiredFault } from '../../api/values/fault.ts';

const LABEL = { label: ['此项', 'This'] as const };
const CHOICES = { online: ['线上', 'Online'], store: ['门店', 'Store'], wecom: ['企业微信', 'WeCom'] } as const;
const CONTEXTS = new Map<string, PredicateContext>([
  ['shop', { name: 'shop', fields: { order_count: { type: 'integer', label: ['订单数', 'Orders'] } } }],
]);

const FIELDS = {
  text: f.text({ ...LABEL, max: 5 }),
  code: f.text({ ...LABEL, pattern: '^[a-z][a-z0-9_]*$' }),
  longtext: f.longtext({ ...LABEL, max: 20 }),
  email: f.email(LABEL),
  phone: f.phone(LABEL),
  color: f.color(LABEL),
  password: f.password(LABEL),
  integer: f.integer(LABEL),
  ranged: f.integer({ ...LABEL, min: 1, max: 10 }),
  points: f.points(LABEL),
  decimal: f.decimal({ ...LABEL, scale: 4, min: '-10', max: '10.5' }),
  money: f.money(LABEL),
  rate: f.rate(LABEL),
  boolean: f.boolean(LABEL),
  date: f.date(LABEL),
  datetime: f.datetime(LABEL),
  choice: f.choice({ ...LABEL, choices: CHOICES }),
  choices: f.choices({ ...LABEL, choices: CHOICES }),
  tags: f.tags(LABEL),
  ref: f.ref({ ...LABEL, to: 'tiers' }),
  refs: f.refs({ ...LABEL, to: 'tiers', max: 3 }),
  predicate: f.predicate({ ...LABEL, context: 'shop' }),
  items: f.items({
    ...LABEL,
    max: 3,
    fields: {
      name: f.text({ label: ['名称', 'Name'], required: true }),
      condition: f.predicate({ label: ['条件', 'Condition'], context: 'shop' }),
    },
  }),
  json: f.json(LABEL),
} satisfies { [name: string]: Field };

/** What a value becomes; `!key` is the fault it gives. */
function parsed(name: keyof typeof FIELDS, raw: unknown, source: 'json' | 'text', time_zone = 'Asia/Shanghai'): Json {
  const value = parseFieldValue(FIELDS[name], raw, source, { contexts: CONTEXTS, time_zone });
  if (!(value instanceof Fault)) return value;
  return value.parts.length > 0 ? value.parts.map(([path, fault]) => `${path} !${fault.key}`) : `!${value.key}`;
}

type Case = [field: keyof typeof FIELDS, raw: unknown, becomes: Json];

/** The same from JSON and from a file. */
const EITHER: Case[] = [
  ['text', ' 常青 ', '常青'],
  ['text', 'e\u0301', 'e\u0301'],
  ['text', '', null],
  ['text', '   ', null],
  ['text', '\u{1f600}'.repeat(5), '\u{1f600}'.repeat(5)],
  ['text', '\u{1f600}'.repeat(6), '!too_long'],
  ['text', 'a\nb', '!bad_text'],
  ['text', 'a\0', '!bad_text'],
  ['text', 'a\u0085', '!bad_text'],
  ['text', '\ud800', '!bad_text'],
  ['code', 'gold_1', 'gold_1'],
  ['code', 'Gold', '!bad_pattern'],
  ['longtext', 'a\r\nb\tc', 'a\nb\tc'],
  ['longtext', 'a\u0007', '!bad_text'],
  ['email', ' Ann@Example.COM ', 'ann@example.com'],
  ['email', 'ann@example', '!not_an_email'],
  ['email', 'ann..b@example.com', '!not_an_email'],
  ['email', 'änn@example.com', '!not_an_email'],
  ['email', `${'a'.repeat(65)}@example.com`, '!not_an_email'],
  ['phone', '138 0013 8000', '13800138000'],
  ['phone', '+86 138-0013-8000', '13800138000'],
  ['phone', '0086 13800138000', '13800138000'],
  ['phone', '１３８００１３８０００', '13800138000'],
  ['phone', '(021) 6234 5678', '02162345678'],
  ['phone', '+86 21 6234 5678', '02162345678'],
  ['phone', '0044 20 7946 0958', '+442079460958'],
  ['phone', '+1 (415) 555-2671', '+14155552671'],
  ['phone', '12345', '!not_a_phone'],
  ['phone', '+123456789012345678', '!not_a_phone'],
  ['phone', '13800138000;drop', '!not_a_phone'],
  ['color', '#1677FF', '#1677ff'],
  ['color', '#abc', '#aabbcc'],
  ['color', 'red', '!not_a_color'],
  ['password', ' as typed ', ' as typed '],
  ['decimal', '1.5', '1.5000'],
  ['decimal', '1.50000', '1.5000'],
  ['decimal', '1.50001', '!too_precise'],
  ['decimal', '10.5', '10.5000'],
  ['decimal', '10.5001', '!too_large'],
  ['decimal', '-10.0001', '!too_small'],
  ['decimal', '1e3', '!not_a_number'],
  ['decimal', 'NaN', '!not_a_number'],
  ['decimal', 'Infinity', '!not_a_number'],
  ['money', '999999999999.99', '999999999999.99'],
  ['money', '1000000000000', '!out_of_range'],
  ['money', '-0', '0.00'],
  ['money', '007.5', '7.50'],
  ['money', '1.005', '!too_precise'],
  ['rate', '0.125', '0.125'],
  ['rate', '1', '1'],
  ['rate', '1.01', '!not_a_rate'],
  ['rate', '-0.1', '!not_a_rate'],
  ['rate', '0.1234567', '!too_precise'],
  ['date', '2024-02-29', '2024-02-29'],
  ['date', '2026-02-29', '!not_a_date'],
  ['date', '2026-13-01', '!not_a_date'],
  ['datetime', '2026-03-01T08:00:00+08:00', '2026-03-01T00:00:00.000Z'],
  ['datetime', '2026-03-01T00:00:00.5Z', '2026-03-01T00:00:00.500Z'],
  ['datetime', '2026-02-30T00:00:00Z', '!not_a_time'],
  ['choice', 'store', 'store'],
  ['choice', 'stroe', '!not_a_choice_meant'],
  ['choice', '__proto__', '!not_a_choice'],
  ['choices', ['store', 'online', 'store'], ['store', 'online']],
  ['choices', ['nowhere'], '!not_a_choice'],
  ['tags', [' a ', 'b', 'a', ''], ['a', 'b']],
  ['tags', ['x'.repeat(41)], '!tag_too_long'],
  ['tags', Array.from({ length: 51 }, (_, at) => String(at)), '!too_many'],
  ['tags', null, []],
  ['predicate', { order_count: { gte: 2 } }, { order_count: { gte: 2 } }],
  ['predicate', { orders: { gte: 2 } }, '!bad_condition'],
  ['items', [{ name: 'a' }], [{ name: 'a', condition: null }]],
  [
    'items',
    [{ name: 'a' }, { condition: { x: {} } }, 3],
    ['1.name !required', '1.condition !bad_condition', '2 !not_an_object'],
  ],
  ['items', [{ name: 'a', nme: 'b' }], ['0.nme !unknown_field_meant']],
  ['items', [{}, {}, {}, {}], '!too_many'],
  ['items', {}, '!not_a_list'],
  ['json', {}, '!readonly'],
];
const FROM_JSON: Case[] = [
  ['text', 5, '!not_a_text'],
  ['text', ['a'], '!not_a_text'],
  ['integer', 5, 5],
  ['integer', -0, 0],
  ['integer', 1.5, '!not_an_integer'],
  ['integer', '5', '!not_an_integer'],
  ['integer', 2 ** 31, '!out_of_range'],
  ['integer', Number.NaN, '!not_an_integer'],
  ['ranged', 0, '!too_small'],
  ['ranged', 11, '!too_large'],
  ['points', 2 ** 53 - 1, 2 ** 53 - 1],
  ['points', 2 ** 53, '!out_of_range'],
  ['decimal', 1.5, '1.5000'],
  ['decimal', '1,000', '!not_a_number'],
  ['money', 1e21, '!not_a_number'],
  ['rate', '12.5%', '!not_a_rate'],
  ['boolean', false, false],
  ['boolean', 'true', '!not_a_boolean'],
  ['boolean', 1, '!not_a_boolean'],
  ['date', '2026/3/1', '!not_a_date'],
  ['date', 20260301, '!not_a_date'],
  ['datetime', '2026-03-01 08:00:00', '!not_a_time'],
  ['choice', '门店', '!not_a_choice'],
  ['choices', 'store', '!not_a_list'],
  ['tags', 'a', '!not_a_list'],
  ['ref', 3, 3],
  ['ref', -1, '!not_a_ref'],
  ['ref', '3', '!not_a_ref'],
  ['refs', [3, 1, 3], [3, 1]],
  ['refs', null, []],
  ['refs', [1, 'x'], '!not_refs'],
  ['refs', [null], '!not_refs'],
  ['refs', 3, '!not_a_list'],
  ['refs', [1, 2, 3, 4], '!too_many'],
];
const FROM_FILES: Case[] = [
  ['integer', '1,234', 1234],
  ['integer', ' 12 ', 12],
  ['integer', '17850.0', 17850],
  ['integer', '１２', 12],
  ['integer', '+5', 5],
  ['integer', '12,34', '!not_an_integer'],
  ['integer', '1.5', '!not_an_integer'],
  ['integer', '1E+05', '!not_an_integer'],
  ['integer', '99999999999', '!out_of_range'],
  ['integer', '9'.repeat(200), '!out_of_range'],
  ['decimal', '２．５', '2.5000'],
  ['money', '¥1,234.5', '1234.50'],
  ['money', '￥ 12', '12.00'],
  ['money', '-£3', '-3.00'],
  ['money', '1.234,56', '!not_a_number'],
  ['money', '12.', '12.00'],
  ['rate', '12.5%', '0.125'],
  ['rate', '100 %', '1'],
  ['rate', '12.5％', '0.125'],
  ['rate', '101%', '!not_a_rate'],
  ...(['是', 'yes', 'Y', 'TRUE', '1', '对'] as const).map((word): Case => ['boolean', word, true]),
  ...(['否', 'no', 'n', 'False', '0', '错'] as const).map((word): Case => ['boolean', word, false]),
  ['boolean', 'maybe', '!not_a_boolean'],
  ...(['2026-03-01', '2026/3/1', '20260301', '2026年3月1日', '2026.03.01', '2026-03-01 00:00:00'] as const).map(
    (text): Case => ['date', text, '2026-03-01'],
  ),
  ['date', '1/3/2026', '!not_a_date'],
  ['date', '2026-03-01 08:00', '!not_a_date'],
  ['date', '20260230', '!not_a_date'],
  ['datetime', '2026-03-01 08:00:00', '2026-03-01T00:00:00.000Z'],
  ['datetime', '2026/3/1 8:05', '2026-03-01T00:05:00.000Z'],
  ['datetime', '2026年3月1日 8时05分30秒', '2026-03-01T00:05:30.000Z'],
  ['datetime', '20260301', '2026-02-28T16:00:00.000Z'],
  ['datetime', '2026-03-01 08:00:00+0100', '2026-03-01T07:00:00.000Z'],
  ['datetime', '2026-03-01 08:00:00.123456', '2026-03-01T00:00:00.123456Z'],
  ['datetime', '2026-03-01 25:00:00', '!not_a_time'],
  ['datetime', '2026-02-29 08:00:00', '!not_a_time'],
  ['choice', '门店', 'store'],
  ['choice', 'WECOM', 'wecom'],
  ['choice', 'Online', 'online'],
  ['choices', '门店、Online', ['store', 'online']],
  ['tags', 'a;b，c', ['a', 'b', 'c']],
  ['ref', '3', 3],
  ['ref', '3.0', 3],
  ['ref', 'x', '!not_a_ref'],
  ['refs', '3; 1；3', [3, 1]],
  ['refs', ' ', []],
  ['refs', '金卡', '!not_refs'],
  ['predicate', '{"order_count":{"gte":2}}', { order_count: { gte: 2 } }],
  ['predicate', '{', '!not_json'],
  ['items', '[{"name":"a"}]', [{ name: 'a', condition: null }]],
];

test.each(EITHER)('%s %j becomes %j', (field, raw, becomes) => {
  expect([parsed(field, raw, 'json'), parsed(field, raw, 'text')]).toEqual([becomes, becomes]);
});
test.each(FROM_JSON)('from JSON, %s %j becomes %j', (field, raw, becomes) => {
  expect(parsed(field, raw, 'json')).toEqual(becomes);
});
test.each(FROM_FILES)('from a file, %s %j becomes %j', (field, raw, becomes) => {
  expect(parsed(field, raw, 'text')).toEqual(becomes);
});

test.each([
  ['Europe/London', '2011-03-27 01:30:00', '2011-03-27T01:30:00.000Z', 'skipped in spring: by the offset before'],
  ['Europe/London', '2011-10-30 01:30:00', '2011-10-30T01:30:00.000Z', 'twice in autumn: by the offset after'],
  ['Europe/London', '2011-06-01 12:00:00', '2011-06-01T11:00:00.000Z', 'summer'],
  ['Asia/Kathmandu', '2026-03-01 08:10:00', '2026-03-01T02:25:00.000Z', 'a quarter of an hour off'],
  ['Australia/Lord_Howe', '2026-04-05 01:45:00', '2026-04-04T15:15:00.000Z', 'clocks go back half an hour'],
])('local times of %s are read in that zone: %s is %s (%s)', (zone, text, instant) => {
  expect(parsed('datetime', text, 'text', zone)).toBe(instant);
});

test('a label that two choices share names neither', () => {
  const choices = { a: ['其他', 'Other'], b: ['其它', 'Other'] } as const;
  const field = f.choice({ ...LABEL, choices });
  expect(parseFieldValue(field, '其它', 'text')).toBe('b');
  expect(parseFieldValue(field, 'Other', 'text')).toBeInstanceOf(Fault);
});

test('every kind of field has been tried', () => {
  const tried = new Set(Object.values(FIELDS).map((field) => field.kind));
  const kinds: FieldKind[] = [
    'text',
    'longtext',
    'email',
    'phone',
    'color',
    'password',
    'integer',
    'points',
    'decimal',
    'money',
    'rate',
    'boolean',
    'date',
    'datetime',
    'choice',
    'choices',
    'tags',
    'ref',
    'refs',
    'items',
    'predicate',
    'json',
  ];
  expect([...tried].sort()).toEqual(kinds.sort());
});

test('nothing that can be sent makes a parser throw, and what it accepts it accepts again unchanged', () => {
  const raw = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...EITHER.map(([, value]) => value)),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(FIELDS)),
      raw,
      fc.constantFrom('json', 'text'),
      (name, value, source) => {
        const field = FIELDS[name as keyof typeof FIELDS];
        const once = parseFieldValue(field, value, source, { contexts: CONTEXTS });
        if (!(once instanceof Fault))
          expect(parseFieldValue(field, once, 'json', { contexts: CONTEXTS })).toEqual(once);
      },
    ),
    { numRuns: 3000 },
  );
});

const OFFERS = resource('offers', {
  label: ['优惠', 'Offers'],
  group: 'programme',
  title: 'name',
  fields: {
    code: f.text({ label: ['编码', 'Code'], required: true, frozen: true }),
    name: f.text({ label: ['名称', 'Name'], required: true }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      required: true,
      default: 'gift',
      choices: { gift: ['礼品', 'Gift'], cash: ['满减', 'Cash'] },
    }),
    amount: f.money({
      label: ['金额', 'Amount'],
      required: true,
      showWhen: { kind: { eq: 'cash' } },
      whenHidden: 'clear',
    }),
    limit_amount: f.money({ label: ['上限', 'Limit'] }),
    note: f.text({ label: ['备注', 'Note'], required: true, showWhen: { kind: { eq: 'gift' } } }),
    rules: f.items({
      label: ['规则', 'Rules'],
      fields: { condition: f.predicate({ label: ['条件', 'Condition'], context: 'shop' }) },
    }),
    tags: f.tags({ label: ['标签', 'Tags'] }),
    used: f.integer({ label: ['已用', 'Used'], readonly: true }),
  },
  rules: [
    {
      name: 'limit_above_amount',
      when: {
        or: [
          { amount: { null: true } },
          { limit_amount: { null: true } },
          { limit_amount: { gte: { $field: 'amount' } } },
        ],
      },
      field: 'limit_amount',
      message: ['上限不能低于金额', 'The limit must not be below the amount'],
    },
  ],
  access: {},
  list: { columns: ['name'], sort: 'name' },
});

function saved(mode: 'create' | 'update' | 'import', input: { [field: string]: unknown }, current?: Row) {
  const { values, errors } = validateRecord({ resource: OFFERS, input, mode, current, contexts: CONTEXTS });
  return { values, errors: Object.fromEntries(Object.entries(errors).map(([field, { key }]) => [field, key])) };
}
const GIFT = {
  code: 'a',
  name: 'A',
  kind: 'gift',
  amount: null,
  limit_amount: null,
  note: 'n',
  rules: null,
  tags: [],
  used: 0,
};
const CASH = { ...GIFT, kind: 'cash', amount: '5.00', note: null };

describe('a record', () => {
  test('gets its defaults when created, and says all that is missing or unknown', () => {
    expect(saved('create', { code: 'a', name: 'A', note: 'n' })).toEqual({
      values: { code: 'a', name: 'A', note: 'n', kind: 'gift' },
      errors: {},
    });
    expect(saved('create', { name: ' ', nmae: 'A', used: 3 }).errors).toEqual({
      code: 'required',
      name: 'required',
      note: 'required',
      nmae: 'unknown_field_meant',
      used: 'readonly',
    });
  });

  test('is asked only for what changes when updated, but cannot lose what is required', () => {
    expect(saved('update', { tags: ['x'] }, { ...GIFT, name: null })).toEqual({ values: { tags: ['x'] }, errors: {} });
    expect(saved('update', { name: null }, GIFT).errors).toEqual({ name: 'required' });
  });

  test('keeps what is frozen', () => {
    expect(saved('update', { code: 'b' }, GIFT).errors).toEqual({ code: 'frozen' });
    expect(saved('update', { code: 'a' }, GIFT)).toEqual({ values: { code: 'a' }, errors: {} });
  });

  test('loses the value of a field that is hidden and says to clear it, even a wrong one', () => {
    expect(saved('update', { kind: 'gift', note: 'n' }, CASH)).toEqual({
      values: { kind: 'gift', note: 'n', amount: null },
      errors: {},
    });
    expect(saved('create', { code: 'a', name: 'A', note: 'n', amount: 'x' })).toEqual({
      values: { code: 'a', name: 'A', note: 'n', kind: 'gift' },
      errors: {},
    });
  });

  test('does not need what is hidden, and needs it once it shows', () => {
    expect(saved('create', { code: 'a', name: 'A', kind: 'cash', amount: '5' }).errors).toEqual({});
    expect(saved('update', { kind: 'cash' }, GIFT).errors).toEqual({ amount: 'required' });
  });

  test('satisfies the rules across fields, judged over the whole record', () => {
    expect(saved('update', { limit_amount: '4' }, CASH).errors).toEqual({ limit_amount: 'rule.limit_above_amount' });
    expect(saved('update', { amount: '3' }, { ...CASH, limit_amount: '4.00' }).errors).toEqual({});
    expect(saved('update', { limit_amount: '4', amount: 'x' }, CASH).errors).toEqual({ amount: 'not_a_number' });
  });

  test('names the place of a fault inside a list', () => {
    const input = { rules: [{ condition: {} }, { condition: { order_cuont: { gt: 1 } } }] };
    const { errors } = validateRecord({
      resource: OFFERS,
      input,
      mode: 'update',
      current: GIFT,
      contexts: CONTEXTS,
    });
    expect(Object.keys(errors)).toEqual(['rules.1.condition']);
    expect(fieldError(errors['rules.1.condition']!, 'zh')).toEqual({
      key: 'bad_condition',
      message: '条件：没有字段“order_cuont”，是否想写“order_count”？',
      params: { label: '条件', reason: '没有字段“order_cuont”，是否想写“order_count”？', path: 'order_cuont' },
    });
    expect(fieldError(errors['rules.1.condition']!, 'en').message).not.toMatch(/\p{Script=Han}/u);
  });

  test('what is missing is asked for as it is given: typed, chosen, added', () => {
    const asked = (kind: FieldKind) => {
      const { key, params } = requiredFault({ kind, label: ['甲', 'This'] });
      return (['zh', 'en'] as const).map((lang) => fieldError({ key, params }, lang).message);
    };
    expect(asked('text')).toEqual(['请填写甲', 'This is required']);
    expect(asked('money')).toEqual(['请填写甲', 'This is required']);
    expect(asked('choice')).toEqual(['请选择甲', 'Choose This']);
    expect(asked('refs')).toEqual(['请选择甲', 'Choose This']);
    expect(asked('date')).toEqual(['请选择甲', 'Choose a date for This']);
    expect(asked('datetime')).toEqual(['请选择甲', 'Choose a time for This']);
    expect(asked('rows')).toEqual(['请添加甲', 'Add entries to This']);
  });

  test('takes no field from the prototype', () => {
    const input = JSON.parse('{"__proto__":{"name":"A"},"constructor":1,"code":"a"}');
    expect(Object.keys(saved('create', input).errors).sort()).toEqual(['__proto__', 'constructor', 'name', 'note']);
  });

  test('is read as a file writes it when imported', () => {
    expect(saved('import', { code: 'a', name: 'A', kind: '满减', amount: '¥1,200' })).toEqual({
      values: { code: 'a', name: 'A', kind: 'cash', amount: '1200.00' },
      errors: {},
    });
  });
});

test('a resource supplies its comparable fields to predicates', () => {
  const { name, fields } = contextOf(OFFERS);
  expect(name).toBe('offers');
  expect(Object.fromEntries(Object.entries(fields).map(([field, { type }]) => [field, type]))).toEqual({
    id: 'integer',
    code: 'text',
    name: 'text',
    kind: 'text',
    amount: 'decimal',
    limit_amount: 'decimal',
    note: 'text',
    tags: 'list',
    used: 'integer',
  });
});

test('rows of a file are parsed by one function for all of them', () => {
  const parse = compileRow({
    name: f.text({ ...LABEL, required: true }),
    kind: OFFERS.fields.kind!,
    tags: OFFERS.fields.tags!,
  });
  expect(parse(['A', '', 'x;y'])).toEqual({ values: ['A', 'gift', ['x', 'y']], faults: null });
  const { values, faults } = parse(['', '礼物', '']);
  expect(values).toEqual([null, null, []]);
  expect([...faults!].map(([field, { key }]) => [field, key])).toEqual([
    ['name', 'required'],
    ['kind', 'not_a_choice'],
  ]);
});
