/** Stage 2, parameters: what a report asks for before it runs. */
import type { Node } from 'yaml';
import type { Pair } from '../contract.ts';
import type { ReportParam } from '../contract-reports.ts';
import { labelsOf } from './metrics.ts';
import { BUILT_IN, parseParam } from './params.ts';
import type { YamlPart } from './parse.ts';
import {
  booleanOf,
  failNode,
  jsonOf,
  mapEntries,
  need,
  numberOf,
  oneOf,
  pairOf,
  strictMap,
  textOf,
  textsOf,
} from './yaml.ts';

export const PARAM_TYPES = ['text', 'integer', 'decimal', 'boolean', 'date', 'daterange', 'enum'] as const;
/** Any day does: defaults are only checked for being well formed. */
const SOME_DAY = '2026-01-01';

/** Where each parameter and its options query stand in the file. */
export interface ParamNodes {
  [name: string]: { key: Node; options?: Node };
}

export function readParams(
  part: YamlPart,
  node: Node | null,
): { params: { [name: string]: ReportParam }; nodes: ParamNodes } {
  const params: { [name: string]: ReportParam } = {};
  const nodes: ParamNodes = {};
  for (const { key: name, key_node, node: value } of node ? mapEntries(part, node, 'params') : []) {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) {
      failNode(
        part,
        key_node,
        'bad_name',
        [`参数名 ${name} 不合规`, `${name} is not a name for a parameter`],
        ['用小写字母、数字和下划线，以字母开头', 'Lower-case letters, digits and underscores, a letter first'],
      );
    }
    if (name in BUILT_IN) {
      failNode(part, key_node, 'bad_name', [
        `:${name} 是内置参数，不用声明`,
        `:${name} is built in and is not declared`,
      ]);
    }
    params[name] = readParam(part, value, name);
    const options = strictMap(part, value, name, PARAM_KEYS).options?.node;
    nodes[name] = { key: key_node, ...(options ? { options } : {}) };
  }
  return { params, nodes };
}

export const PARAM_KEYS = ['type', 'label', 'default', 'values', 'labels', 'many', 'options', 'min', 'max'] as const;

function readParam(part: YamlPart, node: Node, name: string): ReportParam {
  const at = strictMap(part, node, name, PARAM_KEYS);
  const type = oneOf(part, need(part, node, at.type, name, 'type').node, 'type', PARAM_TYPES);
  const param: ReportParam = { type };
  if (at.label) param.label = pairOf(part, at.label.node, 'label');
  if (at.values) param.values = textsOf(part, at.values.node, 'values');
  if (at.labels) param.labels = labelsOf(part, at.labels.node);
  if (at.many) param.many = booleanOf(part, at.many.node, 'many');
  if (at.options) param.options = textOf(part, at.options.node, 'options');
  if (at.min) param.min = numberOf(part, at.min.node, 'min');
  if (at.max) param.max = type === 'daterange' ? days(part, at.max.node) : numberOf(part, at.max.node, 'max');
  const fits = (key: keyof typeof at, types: readonly string[], hint: Pair) => {
    if (at[key] && !types.includes(type)) {
      failNode(
        part,
        at[key].key_node,
        'key_not_for_type',
        [`${type} 参数不能有 ${key}`, `A ${type} parameter has no ${key}`],
        hint,
      );
    }
  };
  fits('values', ['enum'], ['有固定选项时用 type: enum', 'Use type: enum for fixed choices']);
  fits('min', ['integer', 'decimal'], ['只用于数字', 'Only for numbers']);
  fits('max', ['integer', 'decimal', 'daterange'], ['只用于数字和 daterange', 'Only for numbers and daterange']);
  fits('options', ['text', 'integer'], ['用于 text 或 integer', 'Only for text and integer']);
  fits('many', ['text', 'integer', 'enum'], ['用于 text、integer 或 enum', 'Only for text, integer and enum']);
  if (type === 'enum' && !param.values?.length) {
    failNode(
      part,
      node,
      'missing_key',
      [`enum 参数 ${name} 缺少 values`, `The enum ${name} lacks values`],
      ['写 values: [a, b]', 'Write values: [a, b]'],
    );
  }
  if (at.default) {
    const value = jsonOf(at.default.node);
    const texts = (Array.isArray(value) ? value : [value]).map(String);
    const wrong = parseParam(param, texts, SOME_DAY).wrong;
    if (wrong)
      failNode(
        part,
        at.default.node,
        'bad_default',
        [`${name} 的默认值不对：${wrong[0]}`, `The default of ${name} does not fit: ${wrong[1]}`],
        DEFAULTS[type],
      );
    param.default = value;
  }
  return param;
}

const DEFAULTS: { [type in (typeof PARAM_TYPES)[number]]: Pair } = {
  text: ['写一段文字', 'Write a text'],
  integer: ['写整数，例如 10', 'Write a whole number such as 10'],
  decimal: ['写数字，例如 0.5', 'Write a number such as 0.5'],
  boolean: ['写 true 或 false', 'Write true or false'],
  date: ['例如 $today、$today-7d、2026-01-31', 'For example $today, $today-7d or 2026-01-31'],
  daterange: [
    '例如 last_28d、last_12m、2026-01-01..2026-01-31',
    'For example last_28d, last_12m or 2026-01-01..2026-01-31',
  ],
  enum: ['取 values 里的一个', 'Take one of values'],
};

function days(part: YamlPart, node: Node): string {
  const text = String(jsonOf(node));
  if (/^\d{1,4}d$/.test(text)) return text;
  failNode(
    part,
    node,
    'wrong_type',
    ['max 应当是天数', 'max must be a number of days'],
    ['例如 max: 400d', 'For example max: 400d'],
  );
}
