/** What can be wrong with a predicate, in words. */
import type { Json, Pair, PredicateContext, PredicateField } from '../contract.ts';

/** `and`, `or`, `not` may nest this deep; a predicate may have this many parts; a list this many values. */
export const LIMITS = { depth: 20, nodes: 500, list: 1000 } as const;

const FAULTS = {
  too_deep: ['条件嵌套超过 {max} 层', 'The condition nests deeper than {max} levels'],
  too_big: ['条件超过 {max} 项', 'The condition has more than {max} parts'],
  list_too_long: ['“{label}”的列表超过 {max} 个值', 'The list on "{label}" has more than {max} values'],
  not_object: ['条件应为对象', 'A condition must be an object'],
  not_conditions: ['{name} 应为条件列表', '"{name}" needs a list of conditions'],
  not_comparison: [
    '“{label}”的条件应写作 {"eq": 值} 一类',
    'The condition on "{label}" should look like {"eq": value}',
  ],
  unknown_field: ['没有字段“{name}”{hint}', 'There is no field "{name}"{hint}'],
  unknown_operator: ['没有运算符“{name}”{hint}', 'There is no operator "{name}"{hint}'],
  unknown_choice: ['“{label}”没有选项“{name}”{hint}', '"{label}" has no choice "{name}"{hint}'],
  wrong_operator: ['“{label}”不能用 {name} 比较', '"{label}" cannot be compared with {name}'],
  only_true: ['{name} 的值只能是 true', '"{name}" takes only true'],
  not_list: ['“{label}”的 {name} 需要一个列表', '"{name}" on "{label}" needs a list'],
  not_two: ['“{label}”的 between 需要两个值', '"between" on "{label}" needs two values'],
  field_mismatch: ['“{label}”与“{other}”不能比较', '"{label}" and "{other}" cannot be compared'],
  token: ['以 $ 开头的文本请写作 {"$text": "…"}', 'Write a text that starts with $ as {"$text": "…"}'],
  bad_text: ['“{label}”的文本含有无法保存的字符', 'The text for "{label}" has characters that cannot be stored'],
  type: ['“{label}”需要{expected}', '"{label}" needs {expected}'],
  unchecked: ['条件未经检查（{name}）', 'The condition was not checked in this context ({name})'],
} as const satisfies { [key: string]: Pair };

export interface FaultDetails {
  /** What was written: a field, an operator, a code. */
  name?: string;
  /** The field's label; for the sentence. */
  label?: Pair;
  /** What may have been meant. */
  meant?: string | null;
  other?: Pair;
  expected?: Pair;
  max?: number;
}

/** `path` leads to the fault, e.g. "or.1.tier.in.0"; `key` is "predicate.…"; `pair` is the sentence for people, zh and en. */
export class PredicateError extends Error {
  readonly path: string;
  readonly key: string;
  readonly params: { [name: string]: Json };
  readonly pair: Pair;
  constructor(path: string, key: keyof typeof FAULTS, details: FaultDetails = {}) {
    const { name: written, meant, max } = details;
    const name = written === undefined ? undefined : shorten(written);
    const pair: Pair = [fill(FAULTS[key][0], { ...details, name }, 0), fill(FAULTS[key][1], { ...details, name }, 1)];
    super(`${pair[1]}${path && ` (at ${shorten(path)})`}`);
    this.name = 'PredicateError';
    this.path = path;
    this.key = `predicate.${key}`;
    this.params = { path };
    if (name !== undefined) this.params.name = name;
    if (meant) this.params.meant = meant;
    if (max !== undefined) this.params.max = max;
    this.pair = pair;
  }
}

function fill(template: string, details: FaultDetails, at: 0 | 1): string {
  const hint = details.meant
    ? at === 0
      ? `，是否想写“${details.meant}”？`
      : `; did you mean "${details.meant}"?`
    : '';
  return template.replace(/\{(\w+)\}/g, (_, word: string) => {
    if (word === 'hint') return hint;
    const value = details[word as keyof FaultDetails];
    return typeof value === 'object' && value !== null ? value[at] : String(value ?? '');
  });
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200).toWellFormed()}…`;
}

/** A field of the context by name; names such as "constructor" are not found by accident. */
export function fieldOf(context: PredicateContext, name: string): PredicateField | null {
  return Object.hasOwn(context.fields, name) ? context.fields[name]! : null;
}
