/** What the operations share: the dialect of lists, the errors, the security. */
import type { Lang, Pair } from '../contract.ts';
import { inLang, type Schema } from './schemas.ts';

const ref = (path: string) => ({ $ref: `#/components/${path}` });

/** Answers that an operation of this kind may give beside its own. */
export function errors(...names: (keyof typeof ERRORS)[]): Schema {
  const all = ['unauthorized', 'forbidden', ...names, 'too_many'] as (keyof typeof ERRORS)[];
  return Object.fromEntries(all.map((name) => [ERRORS[name][0], ref(`responses/${name}`)]));
}

const ERRORS = {
  bad_request: [
    '400',
    [
      '请求有误：未知的参数、字段或操作，或值不正确',
      'An unknown parameter, field or operator, or a bad value; it is named',
    ],
  ],
  unauthorized: ['401', ['没有登录，或令牌无效', 'Not signed in, or the token is not valid']],
  forbidden: ['403', ['没有权限；涉及的字段会列出', 'Not allowed; fields that were at fault are named']],
  not_found: ['404', ['没有找到，或不在可见范围内', 'There is none that you may see']],
  conflict: ['409', ['与现状冲突', 'It conflicts with how things are']],
  stale: [
    '412',
    ['记录已被他人修改；返回最新内容', 'Somebody changed it since; the record as it is now is in the answer'],
  ],
  invalid: ['422', ['内容不符合规则；逐字段说明', 'It breaks a rule; each field is named with its sentence']],
  too_many: ['429', ['请求过于频繁', 'Too many requests']],
} as const satisfies { [name: string]: readonly [status: string, text: Pair] };

const LIST: { [name: string]: readonly [schema: Schema, text: Pair] } = {
  _start: [{ type: 'integer', minimum: 0 }, ['起始行（含）', 'First row']],
  _end: [
    { type: 'integer', minimum: 0 },
    ['结束行（不含），一次最多 1,000 行', 'Row before which to end; at most 1,000 at once'],
  ],
  _sort: [{ type: 'string' }, ['排序字段，可用逗号分隔多个', 'Fields to sort by, separated by commas']],
  _order: [{ type: 'string' }, ['每个排序字段的 asc 或 desc', 'asc or desc for each of them']],
  _fields: [{ type: 'string' }, ['只返回这些字段，用逗号分隔', 'Only these fields, separated by commas']],
  _labels: [
    { type: 'string', enum: ['0', '1'] },
    ['附上关联记录的名称', 'With the names of related records, as `$labels`'],
  ],
  _count: [
    { type: 'string', enum: ['capped', 'exact', 'none'] },
    ['计数方式；默认最多数到 10,000', 'How to count; up to 10,000 when absent'],
  ],
  _after: [
    { type: 'string' },
    ['上一页给出的游标；为空取第一页', 'Cursor of the page before; empty for the first page'],
  ],
  _where: [
    { type: 'string', contentMediaType: 'application/json', contentSchema: ref('schemas/Predicate') },
    ['JSON 条件，可含 and / or / not', 'A condition as JSON, with and / or / not'],
  ],
  q: [{ type: 'string' }, ['快速搜索：每个词都须出现', 'Quick search: every word must occur']],
};

export const LIST_PARAMETERS = Object.keys(LIST).map((name) => ref(`parameters/${name.replace('_', 'list_')}`));
export const IF_MATCH = ref('parameters/if_match');
export const IDEMPOTENCY_KEY = ref('parameters/idempotency_key');

/** Everything the operations refer to. */
export function components(lang: Lang, schemas: { [name: string]: Schema }): Schema {
  const say = (pair: Pair) => inLang(pair, lang);
  const parameters: { [name: string]: Schema } = {
    if_match: {
      ...{ name: 'If-Match', in: 'header', schema: { type: 'string', pattern: '^(W/)?"?\\d+"?$|^\\*$' } },
      description: say([
        '所依据的版本（ETag）；不一致时返回 412',
        'The version (ETag) it was made from; 412 when it is another now',
      ]),
    },
    idempotency_key: {
      ...{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 200 } },
      description: say(['同一键重试只创建一次', 'Tried again with the same key, it is created once']),
    },
  };
  for (const [name, [schema, text]] of Object.entries(LIST)) {
    parameters[name.replace('_', 'list_')] = { name, in: 'query', schema, description: say(text) };
  }
  const content = { 'application/json': { schema: ref('schemas/Error') } };
  const responses = Object.fromEntries(
    Object.entries(ERRORS).map(([name, [, text]]) => [
      name,
      { description: say(text), content, ...(name === 'too_many' ? { headers: { 'Retry-After': RETRY } } : {}) },
    ]),
  );
  return {
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        description: say(['API 令牌（eg_…），在“API 令牌”中创建', 'An API token (eg_…), made under “API tokens”']),
      },
      session: { type: 'apiKey', in: 'cookie', name: 'evergreen_session' },
    },
    parameters,
    responses,
    schemas: { ...schemas, Error: ERROR, Predicate: PREDICATE(say) },
  };
}

const RETRY = { schema: { type: 'integer' } };

const ERROR: Schema = {
  type: 'object',
  required: ['key', 'message'],
  properties: {
    key: { type: 'string' },
    message: { type: 'string' },
    params: { type: 'object' },
    errors: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['key', 'message'],
        properties: { key: { type: 'string' }, message: { type: 'string' }, params: { type: 'object' } },
      },
    },
    record: { type: 'object' },
    request_id: { type: 'string' },
  },
};

const PREDICATE = (say: (pair: Pair) => string): Schema => ({
  type: 'object',
  description: say([
    '条件：{"字段": {"运算": 值}}，同一对象内为“且”；and、or 接数组，not 接条件。运算：eq ne gt gte lt lte in nin between like nlike sw ew null notNull has overlaps。值可为 $now-7d、$today、$me、{"$field": "字段"}。',
    'A condition: {"field": {"operator": value}}, joined by and within an object; `and` and `or` take a list, `not` a condition. Operators: eq ne gt gte lt lte in nin between like nlike sw ew null notNull has overlaps. Values may be $now-7d, $today, $me, {"$field": "field"}.',
  ]),
  examples: [{ or: [{ amount: { gte: '100.00' } }, { status: { in: ['paid'] } }] }],
});
