/**
 *   GET /api/:resource/:id/_head       -> Head: what matters most, for the head of the record's page
 *   GET /api/:resource/:id/_timeline   -> Timeline: what happened with it and why, the latest first; kinds=a,b before=<next>
 *
 * Answered by api/heads/<resource>.ts and api/timelines/<resource>.ts.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { Head, Resource, Timeline } from '../contract.ts';
import { problem } from '../errors.ts';
import { getRow, type Reader } from '../records/query.ts';
import { idOf, resourceOf, searchOf } from './resources.ts';

/** The record is one that the reader may see; what else they may see is for the file to ask (records/beside.ts). */
export interface HeadModule {
  head(deps: Deps, id: number, reader: Reader): Promise<Head>;
}
export interface TimelineModule {
  /** @param before what `next` said; throws Problem 400 for what it never said */
  timeline(
    deps: Deps,
    id: number,
    asked: { kinds: readonly string[]; before: string | null; size: number },
    reader: Reader,
  ): Promise<Timeline>;
}

const PAGE = 25;

export function recordHeadRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/:resource/:id/_head', async (c) => {
    const resource = resourceOf(deps, c);
    readParameters(searchOf(c), []);
    const reader = { caller: c.var.user, lang: c.var.lang };
    const id = idOf(c);
    if (!resource.head) throw problem(404, 'not_found');
    if (!(await getRow(deps, resource, id, reader))) throw problem(404, 'not_found');
    const { head } = await module<HeadModule>('heads', resource);
    return c.json(await head(deps, id, reader), 200, { 'cache-control': 'no-store' });
  });

  routes.get('/api/:resource/:id/_timeline', async (c) => {
    const resource = resourceOf(deps, c);
    const params = readParameters(searchOf(c), ['kinds', 'before']);
    const reader = { caller: c.var.user, lang: c.var.lang };
    const id = idOf(c);
    if (!resource.timeline) throw problem(404, 'not_found');
    const known = Object.keys(resource.timeline.kinds);
    const kinds = params.get('kinds')?.split(',') ?? known;
    const strange = kinds.find((kind) => !known.includes(kind));
    if (strange !== undefined)
      throw problem(400, 'bad_parameter', { name: 'kinds', value: strange.slice(0, 60), expected: known.join(', ') });
    if (!(await getRow(deps, resource, id, reader))) throw problem(404, 'not_found');
    const { timeline } = await module<TimelineModule>('timelines', resource);
    const asked = { kinds, before: params.get('before') ?? null, size: PAGE };
    return c.json(await timeline(deps, id, asked, reader), 200, { 'cache-control': 'no-store' });
  });

  return routes;
}

function readParameters(search: string, known: readonly string[]): URLSearchParams {
  const params = new URLSearchParams(search);
  for (const name of params.keys()) {
    if (!known.includes(name)) throw problem(400, 'unknown_parameter', { name: name.slice(0, 60), hint: '' });
  }
  return params;
}

async function module<T>(folder: 'heads' | 'timelines', resource: Resource): Promise<T> {
  const file = join(import.meta.dirname, '..', folder, `${resource.name}.ts`);
  return (await import(pathToFileURL(file).href)) as T;
}
