/** The arrows of a flow: from which step to which, and in which lane at the side those run that do not lead to the next one. */
import type { Json } from '../../api/contract.ts';

export type FlowStep = { [name: string]: Json };
export interface Edge {
  from: number;
  /** The place after the last step is the end. */
  to: number;
  way: 'next' | 'yes' | 'no';
  /** -1: straight down. */
  lane: number;
}

const FORKS = ['condition', 'split'];

export function edgesOf(steps: readonly FlowStep[]): Edge[] {
  const places = new Map(steps.map((step, at) => [String(step.code ?? ''), at]));
  const target = (value: Json | undefined, at: number): number | null => {
    if (value === null || value === undefined || value === '') return at + 1;
    return value === 'end' ? steps.length : (places.get(String(value)) ?? null);
  };
  const found: Edge[] = [];
  for (const [at, step] of steps.entries()) {
    const ways: [Edge['way'], Json | undefined][] = FORKS.includes(String(step.kind))
      ? [
          ['yes', step.yes_step],
          ['no', step.no_step],
        ]
      : [['next', step.next_step]];
    for (const [way, value] of ways) {
      const to = target(value, at);
      // What leads nowhere is said at its field.
      if (to !== null) found.push({ from: at, to, way, lane: to === at + 1 ? -1 : 0 });
    }
  }
  return withLanes(found);
}

/** Short ones stand nearest; two that pass each other never share a lane. */
function withLanes(edges: readonly Edge[]): Edge[] {
  const taken: [number, number][][] = [];
  const aside = edges
    .filter((edge) => edge.lane >= 0)
    .sort((left, right) => Math.abs(left.to - left.from) - Math.abs(right.to - right.from));
  const lanes = new Map<Edge, number>();
  for (const edge of aside) {
    const [low, high] = [Math.min(edge.from, edge.to), Math.max(edge.from, edge.to)];
    let lane = taken.findIndex((spans) => spans.every(([from, to]) => high < from || low > to));
    if (lane < 0) lane = taken.push([]) - 1;
    taken[lane]!.push([low, high]);
    lanes.set(edge, lane);
  }
  return edges.map((edge) => ({ ...edge, lane: lanes.get(edge) ?? -1 }));
}
