/** Flows from one to another, and on from there: each step has its own nodes, so that a flow never turns back. */

import { type Datum, distinct } from './chart-data.ts';
import type { ChartInput, Spec } from './chart-spec.ts';

interface Node {
  /** "2:Hero": its step, from 0, and its name. */
  key: string;
}
interface Flow {
  source: Node;
  target: Node;
}

/** Names are short on a chart of many steps, shorter where it is small; the table beside it has them whole. */
const NAME_MAX = { small: 6, whole: 12 };
/** Of many steps: nodes with less than this share of the largest have no name, so that those of the others have room. */
const NAMED_SHARE = 0.02;

export function sankeySpec(input: ChartInput): Spec {
  const { definition, data, palette, colors, short, exact, label } = input;
  const { x = '', y = '', value = '', step } = definition.chart;
  const names = [...new Set([...distinct(data, x), ...distinct(data, y)])];
  const color = new Map(names.map((name, index) => [name, colors(names)[index]]));
  const drawn = data.filter((datum) => Number(datum[value]) > 0);
  const stepOf = (datum: Datum) => (step ? Number(datum.$row[step]) : 0);
  const first = Math.min(...drawn.map(stepOf));
  const [into, out] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, key: string, amount: number) => to.set(key, (to.get(key) ?? 0) + amount);
  const links = drawn.map((datum) => {
    const at = stepOf(datum) - first;
    const [source, target, amount] = [`${at}:${datum[x]}`, `${at + 1}:${datum[y]}`, Number(datum[value])];
    add(out, source, amount);
    add(into, target, amount);
    return { source, target, value: amount, datum, $row: datum.$row };
  });
  const nodes = [...new Set(links.flatMap(({ source, target }) => [source, target]))];
  const total = (key: string) => Math.max(into.get(key) ?? 0, out.get(key) ?? 0);
  const level = (key: string) => Number(key.slice(0, key.indexOf(':')));
  const name = (key: string) => key.slice(key.indexOf(':') + 1);
  const most = NAME_MAX[input.small ? 'small' : 'whole'];
  const brief = (key: string) => (step && name(key).length > most ? `${name(key).slice(0, most)}…` : name(key));
  const named = step ? NAMED_SHARE * Math.max(...nodes.map(total)) : 0;
  const place = ({ key }: Node) => names.indexOf(name(key));
  return {
    type: 'sankey',
    ...(step ? { paddingRight: 140 } : {}),
    data: { value: { links } },
    layout: {
      // What is reached late stands late, though what led there may be among the others.
      ...(step ? { nodeAlign: 'left', nodeDepth: ({ key }: Node) => level(key) } : { nodeAlign: 'justify' }),
      nodePadding: 0.03,
      nodeWidth: 0.012,
      nodeSort: (a: Node, b: Node) => place(a) - place(b),
      linkSort: (a: Flow, b: Flow) => place(a.source) - place(b.source) || place(a.target) - place(b.target),
    },
    scale: { color: { domain: nodes, range: nodes.map((key) => color.get(name(key))) } },
    style: {
      labelText: ({ key }: Node) => (total(key) < named ? '' : `${brief(key)}  ${short(value)(total(key))}`),
      // Between the steps is room for the names of one side.
      ...(step
        ? { labelPosition: 'right', labelTextAlign: 'start', labelDx: 8, labelTransform: [{ type: 'overlapHide' }] }
        : {}),
      labelSpacing: 8,
      labelFontSize: 12,
      labelFill: palette.ink,
      labelFillOpacity: 1,
      nodeStrokeWidth: 0,
      nodeLineWidth: 0,
      nodeStroke: 'transparent',
      linkFillOpacity: 0.28,
      linkFill: (link: { source: Partial<Node> }) => color.get(name(link.source?.key ?? '')) ?? palette.other,
    },
    tooltip: {
      nodeTitle: ({ key }: Node) => name(key),
      nodeItems: [({ key }: Node) => ({ name: label(value), value: short(value)(total(key)) })],
      linkTitle: ({ source, target }: Flow) => `${name(source.key)} → ${name(target.key)}`,
      linkItems: [
        (link: { datum?: Datum; value: number }) => ({
          name: label(value),
          value: link.datum ? exact(value, link.datum) : short(value)(link.value),
        }),
      ],
    },
  };
}
