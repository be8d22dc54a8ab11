/** Stage 2, the tools: YAML nodes read strictly, every refusal standing at its node. Used for reports, metrics and areas. */
import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import { nameHint } from '../closest-name.ts';
import type { Json, Pair } from '../contract.ts';
import type { YamlPart } from './parse.ts';
import { failAt } from './problem.ts';

/** A value and where it came from. */
export interface Entry {
  key: string;
  key_node: Node;
  node: Node;
}

export function failNode(
  part: YamlPart,
  node: Node | null | undefined,
  code: string,
  message: Pair,
  hint?: Pair,
): never {
  failAt(part.source, part.start + (node?.range?.[0] ?? 0), code, message, hint);
}

/** The document's top-level map. */
export function rootMap(part: YamlPart): YAMLMap {
  const root = part.document.contents as Node | null;
  if (!isMap(root))
    failNode(part, root, 'yaml', ['说明应当是一组 "键: 值"', 'The definition must be a list of "key: value"']);
  return root;
}

/** Entries of a map in file order; names must be strings. @param what names the thing in messages. */
export function mapEntries(part: YamlPart, node: Node, what: string): Entry[] {
  if (!isMap(node)) {
    failNode(
      part,
      node,
      'wrong_type',
      [`${what} 应当是一组 "键: 值"`, `${what} must be a list of "key: value"`],
      [`例如 ${what}: { a: 1 }`, `For example ${what}: { a: 1 }`],
    );
  }
  return node.items.map((item) => {
    const key_node = item.key as Node;
    const key = isScalar(key_node) ? String(key_node.value) : '';
    // A key without a value ("title:") has a null scalar in the key's place.
    return { key, key_node, node: (item.value as Node | null) ?? key_node };
  });
}

/** Entries by name; a name outside `known` is refused with the nearest one. */
export function strictMap<K extends string>(
  part: YamlPart,
  node: Node,
  what: string,
  known: readonly K[],
): { [key in K]?: Entry } {
  const found: { [key in K]?: Entry } = {};
  for (const entry of mapEntries(part, node, what)) {
    if (!known.includes(entry.key as K)) {
      failNode(
        part,
        entry.key_node,
        'unknown_key',
        [`${what} 里没有 ${entry.key} 这个键`, `${what} has no key ${entry.key}`],
        nameHint(entry.key, known),
      );
    }
    found[entry.key as K] = entry;
  }
  return found;
}

export function need<T>(part: YamlPart, owner: Node, value: T | undefined, what: string, key: string, hint?: Pair): T {
  if (value === undefined) {
    failNode(part, owner, 'missing_key', [`${what} 缺少 ${key}`, `${what} lacks ${key}`], hint);
  }
  return value;
}

export function textOf(part: YamlPart, node: Node, what: string): string {
  if (isScalar(node) && typeof node.value === 'string') {
    refuseComment(part, node);
    return node.value;
  }
  failNode(
    part,
    node,
    'wrong_type',
    [`${what} 应当是文字`, `${what} must be text`],
    ['加上引号："…"', 'Quote it: "…"'],
  );
}

export function numberOf(part: YamlPart, node: Node, what: string): number {
  if (isScalar(node) && typeof node.value === 'number') return node.value;
  failNode(
    part,
    node,
    'wrong_type',
    [`${what} 应当是数字`, `${what} must be a number`],
    ['写数字，不加引号', 'Write a number, without quotes'],
  );
}

export function booleanOf(part: YamlPart, node: Node, what: string): boolean {
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  failNode(
    part,
    node,
    'wrong_type',
    [`${what} 应当是 true 或 false`, `${what} must be true or false`],
    ['不加引号', 'Without quotes'],
  );
}

export function oneOf<C extends string>(part: YamlPart, node: Node, what: string, choices: readonly C[]): C {
  const text = isScalar(node) ? String(node.value) : '';
  if (choices.includes(text as C)) return text as C;
  failNode(
    part,
    node,
    'unknown_value',
    [`${what} 不能是 ${text || '空'}`, `${what} cannot be ${text || 'empty'}`],
    nameHint(text, choices),
  );
}

/** [zh, en]. */
export function pairOf(part: YamlPart, node: Node, what: string): Pair {
  const hint: Pair = [`写成 ${what}: [中文, English]`, `Write ${what}: [中文, English]`];
  if (!isSeq(node))
    failNode(part, node, 'not_a_pair', [`${what} 要有中英文两种`, `${what} needs Chinese and English`], hint);
  const [zh, en] = node.items as Node[];
  if (node.items.length !== 2 || !zh || !en) {
    const wide = node.items.length === 1 && isScalar(zh) && String(zh.value).includes('，');
    const more = node.items.length > 2;
    failNode(
      part,
      node,
      wide ? 'yaml_wide' : 'not_a_pair',
      wide
        ? ['两项之间用了中文逗号', 'The two texts are separated by a full-width comma']
        : [`${what} 要有中英文两种`, `${what} needs Chinese and English`],
      wide
        ? ['改成英文逗号 ","', 'Write a plain comma ","']
        : more
          ? ['文字里有英文逗号时，整段要加引号：["…", "…"]', 'Text that contains a comma is quoted: ["…", "…"]']
          : hint,
    );
  }
  return [textOf(part, zh, what), textOf(part, en, what)];
}

export function listOf(part: YamlPart, node: Node, what: string): Node[] {
  if (!isSeq(node))
    failNode(
      part,
      node,
      'wrong_type',
      [`${what} 应当是列表`, `${what} must be a list`],
      ['写成 [a, b]', 'Write [a, b]'],
    );
  return node.items as Node[];
}

export function textsOf(part: YamlPart, node: Node, what: string): string[] {
  return listOf(part, node, what).map((item) => {
    if (isScalar(item) && (typeof item.value === 'string' || typeof item.value === 'number')) return String(item.value);
    return textOf(part, item, what);
  });
}

/** Plain JSON of a node, for values whose type is checked by the reader of the thing. */
export function jsonOf(node: Node): Json {
  return (node as Scalar).toJSON() as Json;
}

/** `title: 转化率 # of orders` silently loses its end: a comment right behind unquoted text is refused. */
function refuseComment(part: YamlPart, node: Scalar): void {
  const comment = node.type === 'PLAIN' && node.comment;
  if (!comment || !node.range) return;
  const hash = part.source.text.indexOf('#', part.start + node.range[1]);
  failAt(
    part.source,
    hash,
    'yaml_hash',
    ['# 之后的内容被当成了注释', 'Everything after # is taken as a comment'],
    ['给整段文字加上引号；真要写注释请另起一行', 'Quote the whole text; write a comment on its own line'],
  );
}
