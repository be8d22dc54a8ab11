/** The thread that `thread.ts` opens: the name of a computation and what goes into it in, its answer out. */
import { parentPort } from 'node:worker_threads';
import {
  customerValue,
  expectedBetween,
  fitValueModel,
  type History,
  type Terms,
  type ValueModel,
} from './customer-value.ts';
import { fitSeasonal } from './holt-winters.ts';
import { bestClusters } from './k-means.ts';

const computations = {
  fitValueModel,
  expectedBetween,
  customerValues: (model: ValueModel, histories: readonly History[], today: number, terms: Terms) =>
    histories.map((history) => customerValue(model, history, today, terms)),
  fitSeasonal,
  bestClusters,
};
export type Computations = typeof computations;

parentPort!.on('message', ({ name, given }: { name: keyof Computations; given: unknown[] }) => {
  const compute = computations[name] as (...values: unknown[]) => unknown;
  parentPort!.postMessage(compute(...given));
});
