/** Computes beside the server's own thread, which goes on answering. */
import { Worker } from 'node:worker_threads';
import type { Computations } from './thread-worker.ts';

export interface StatisticsThread {
  /** One at a time. @param given plain data, which is copied */
  compute<Name extends keyof Computations>(
    name: Name,
    ...given: Parameters<Computations[Name]>
  ): Promise<ReturnType<Computations[Name]>>;
  close(): Promise<void>;
}

export function openStatisticsThread(): StatisticsThread {
  const worker = new Worker(new URL('./thread-worker.ts', import.meta.url));
  return {
    compute: (name, ...given) =>
      new Promise((answered, failed) => {
        const told = (answer: Awaited<ReturnType<Computations[typeof name]>>) => {
          worker.off('error', broken);
          answered(answer);
        };
        const broken = (error: Error) => {
          worker.off('message', told);
          failed(error);
        };
        worker.once('message', told).once('error', broken);
        worker.postMessage({ name, given });
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
