/** Fits and scores beside the server's own thread, which goes on answering. */
import { Worker } from 'node:worker_threads';
import type { CustomerValue, History, Terms, ValueModel } from './customer-value.ts';

export type Ask =
  | { what: 'fit'; histories: readonly History[]; today: number }
  | { what: 'score'; model: ValueModel; histories: readonly History[]; today: number; terms: Terms }
  | { what: 'expect'; model: ValueModel; histories: readonly History[]; today: number; until: number };

export interface ValueThread {
  fit(histories: readonly History[], today: number): Promise<ValueModel>;
  score(model: ValueModel, histories: readonly History[], today: number, terms: Terms): Promise<CustomerValue[]>;
  expect(model: ValueModel, histories: readonly History[], today: number, until: number): Promise<number>;
  close(): Promise<void>;
}

/** One question at a time. */
export function openValueThread(): ValueThread {
  const worker = new Worker(new URL('./value-worker.ts', import.meta.url));
  const ask = <T>(question: Ask) =>
    new Promise<T>((answered, failed) => {
      const told = (answer: T) => {
        worker.off('error', broken);
        answered(answer);
      };
      const broken = (error: Error) => {
        worker.off('message', told);
        failed(error);
      };
      worker.once('message', told).once('error', broken);
      worker.postMessage(question);
    });
  return {
    fit: (histories, today) => ask({ what: 'fit', histories, today }),
    score: (model, histories, today, terms) => ask({ what: 'score', model, histories, today, terms }),
    expect: (model, histories, today, until) => ask({ what: 'expect', model, histories, today, until }),
    close: async () => {
      await worker.terminate();
    },
  };
}
