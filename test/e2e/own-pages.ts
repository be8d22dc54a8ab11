/** The addresses of the admin that are not those of records, read from its own routes: a new page is looked at without being named. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestApp } from '../app.ts';

const ROUTES = join(import.meta.dirname, '..', '..', 'admin', 'routes.tsx');

/** Every address that names no resource, as the routes spell it: "/trial", "/back-tests/:id". */
export function ownRoutes(): string[] {
  const paths = [...readFileSync(ROUTES, 'utf8').matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(10);
  // Before anybody has signed in and on paper there is another look, tested by itself; the last takes what is left.
  return paths.filter((path) => !/^\/:resource|^\*$|^\/sign-in$|^\/set-password$|^\/paper\//.test(path));
}

/**
 * The same with something in each place that is open.
 * @param examples what stands for a route that has such places; one without fails
 */
export function ownPages(examples: { [route: string]: string }): string[] {
  return ownRoutes().map((route) => {
    const path = /[:*]/.test(route) ? examples[route] : route;
    expect(path, `an example of ${route}`).toBeDefined();
    return path!;
  });
}

/** A finished back-test of a rule that is called so. @returns its id */
export async function aBackTest(app: TestApp, name: string): Promise<number> {
  const values = { code: 'tried', name, name_en: name, status: 'active', effect: 'fixed', points: 5 };
  const drafts = [{ resource: 'earn_rules', id: null, values }];
  const answer = await app.as('administrator')('POST', '/api/_trials', { title: name, drafts, months: 1 });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}
