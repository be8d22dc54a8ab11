/** The thread that `value-thread.ts` opens: a question in, its answer out. */
import { parentPort } from 'node:worker_threads';
import {
  type CustomerValue,
  customerValue,
  expectedBetween,
  fitValueModel,
  type ValueModel,
} from './customer-value.ts';
import type { Ask } from './value-thread.ts';

parentPort!.on('message', (question: Ask) => parentPort!.postMessage(answer(question)));

function answer(question: Ask): ValueModel | CustomerValue[] | number {
  const { what, histories, today } = question;
  if (what === 'fit') return fitValueModel(histories, today);
  if (what === 'expect') return expectedBetween(question.model, histories, today, question.until);
  return histories.map((history) => customerValue(question.model, history, today, question.terms));
}
