/** Stage 2, the report's own tests: what must hold of its rows whenever it is published. */
import { isMap, type Node } from 'yaml';
import { nameHint } from '../closest-name.ts';
import type { ReportDefinition, ReportTest } from '../contract-reports.ts';
import type { YamlPart } from './parse.ts';
import { failNode, jsonOf, listOf, mapEntries, strictMap, textsOf } from './yaml.ts';

export const TEST_KEYS = ['unique', 'between', 'not_null'] as const;

/** @returns the tests, and the node of each for when it fails */
export function readTests(
  part: YamlPart,
  node: Node,
  columns: ReportDefinition['columns'],
): { tests: ReportTest[]; nodes: Node[] } {
  const nodes = listOf(part, node, 'tests');
  return { tests: nodes.map((each) => readTest(part, each, columns)), nodes };
}

function readTest(part: YamlPart, node: Node, columns: ReportDefinition['columns']): ReportTest {
  const at = strictMap(part, node, 'tests', TEST_KEYS);
  if (!isMap(node) || node.items.length !== 1) {
    failNode(
      part,
      node,
      'wrong_type',
      ['每一项写一个测试', 'Each entry is one test'],
      ['例如 - unique: [bucket, channel]', 'For example - unique: [bucket, channel]'],
    );
  }
  const known = (name: string, place: Node) => {
    if (columns[name]) return;
    failNode(
      part,
      place,
      'unknown_column',
      [`columns 里没有 ${name}`, `columns has no ${name}`],
      nameHint(name, Object.keys(columns)),
    );
  };
  const test: ReportTest = {};
  for (const kind of ['unique', 'not_null'] as const) {
    if (!at[kind]) continue;
    test[kind] = textsOf(part, at[kind].node, kind);
    for (const name of test[kind]) known(name, at[kind].node);
  }
  if (at.between) {
    test.between = Object.fromEntries(
      mapEntries(part, at.between.node, 'between').map(({ key, key_node, node: range }) => {
        known(key, key_node);
        const value = jsonOf(range);
        if (Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number')) {
          return [key, value as [number, number]];
        }
        return failNode(
          part,
          range,
          'wrong_type',
          [`${key} 的范围应当是两个数字`, `The range of ${key} must be two numbers`],
          [`写成 ${key}: [0, 1]`, `Write ${key}: [0, 1]`],
        );
      }),
    );
  }
  return test;
}
