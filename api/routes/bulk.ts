/**
 *   POST /api/:resource/_bulk              {ids | filter + expected, set, clear | delete, dry_run, reason} -> BulkAnswer
 *   POST /api/:resource/_bulk/:id/_undo    -> BulkAnswer
 *   GET  /api/:resource/:id/_delete_preview -> DeletePreview[]
 *   GET  /api/:resource/_trash             -> TrashEntry[]
 *   POST /api/:resource/_trash/:id/_restore -> 201 the record
 */
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { BulkRequest, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { deletePreview } from '../records/delete-preview.ts';
import { changeMany } from '../records/many.ts';
import { listTrash, restoreRecord } from '../records/trash.ts';
import { undoMany } from '../records/undo.ts';
import { idOf, recordAnswer, resourceOf, writerOf } from './resources.ts';

export function bulkRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.post('/api/:resource/_bulk', async (c) => {
    const request = readRequest(await readObject(c));
    const writer = { ...writerOf(c), reason: request.reason ?? null };
    return c.json(await changeMany(deps, resourceOf(deps, c), request, writer));
  });
  routes.post('/api/:resource/_bulk/:id/_undo', async (c) =>
    c.json(await undoMany(deps, resourceOf(deps, c), idOf(c), writerOf(c))),
  );
  routes.get('/api/:resource/_trash', async (c) => {
    const reader = { caller: c.var.user, lang: c.var.lang };
    return c.json(await listTrash(deps, resourceOf(deps, c), reader), 200, { 'cache-control': 'no-store' });
  });
  routes.post('/api/:resource/_trash/:id/_restore', async (c) =>
    recordAnswer(await restoreRecord(deps, resourceOf(deps, c), idOf(c), writerOf(c)), 201),
  );
  routes.get('/api/:resource/:id/_delete_preview', async (c) => {
    const reader = { caller: c.var.user, lang: c.var.lang };
    return c.json(await deletePreview(deps, resourceOf(deps, c), idOf(c), reader), 200, {
      'cache-control': 'no-store',
    });
  });
  return routes;
}

const SHAPES: { [key in keyof Required<BulkRequest>]: (value: unknown) => boolean } = {
  ids: (value) => Array.isArray(value) && value.every((each) => typeof each === 'number'),
  filter: (value) => typeof value === 'string' && value.length <= 20_000,
  expected: (value) => Number.isSafeInteger(value),
  set: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  clear: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  delete: (value) => typeof value === 'boolean',
  dry_run: (value) => typeof value === 'boolean',
  reason: (value) => typeof value === 'string' && value.length <= 500,
};

/** @throws Problem 400 naming the key that is unknown or has another type */
function readRequest(body: Row): BulkRequest {
  for (const [name, value] of Object.entries(body)) {
    const right = Object.hasOwn(SHAPES, name) ? SHAPES[name as keyof BulkRequest] : null;
    if (!right) throw problem(400, 'unknown_parameter', { name: name.slice(0, 60), hint: '' });
    if (!right(value)) throw problem(400, 'bad_parameter', { name, value: '', expected: '' });
  }
  if (body.delete === true && (body.set !== undefined || body.clear !== undefined))
    throw problem(400, 'bad_parameter', { name: 'delete', value: 'true', expected: 'false' });
  return body as BulkRequest;
}
