/** What an answer to hostile input must be, whatever it is. */
import { expect } from 'vitest';
import type { ApiError } from '../../api/contract.ts';

/** Right, or refused with a key and a sentence that tells nothing of how the server is made. @param about said when it is not */
export async function isClear(answer: Response, about: string): Promise<void> {
  const text = answer.status === 204 ? '' : await answer.text();
  expect(answer.status, `${about} ${text.slice(0, 300)}`).toBeLessThan(500);
  // Nobody is signed out by what they ask: what follows would be refused for that alone.
  expect(answer.status, about).not.toBe(401);
  if (answer.status < 400) return;
  const { key, message } = JSON.parse(text) as ApiError;
  expect(key, about).toBeTruthy();
  expect(message.length, about).toBeGreaterThan(3);
  expect(text, about).not.toMatch(/SQLSTATE|node_modules|\.ts:\d/);
}
