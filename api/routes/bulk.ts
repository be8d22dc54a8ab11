/**
 *   POST /api/:resource/_bulk              {ids | filter + expected, set, clear | delete, dry_run, reason} -> BulkAnswer
 *   POST /api/:resource/_bulk/:id/_undo    -> BulkAnswer
 *   POST /api/:resource/_bulk_actions/:name {ids | filter + expected, input, dry_run} -> BulkAnswer
 *   GET  /api/:resource/:id/_delete_preview -> DeletePreview[]
 *   GET  /api/:resource/_trash[?record_id=&before=] -> TrashEntry[], latest first; X-Next-Before where there are more
 *   POST /api/:resource/_trash/:id/_restore -> 201 the record; 202 the change request that waits instead
 */
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { BulkActionRequest, BulkRequest, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { deletePreview } from '../records/delete-preview.ts';
import { changeMany } from '../records/many.ts';
import { actOnMany } from '../records/many-action.ts';
import { listTrash, restoreRecord, type TrashAsked } from '../records/trash.ts';
import { undoMany } from '../records/undo.ts';
import { idOf, proposedAnswer, recordAnswer, resourceOf, searchOf, writerOf } from './resources.ts';

export function bulkRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.post('/api/:resource/_bulk', async (c) => {
    const request = readRequest(await readObject(c), SHAPES) as BulkRequest;
    if (request.delete === true && (request.set !== undefined || request.clear !== undefined))
      throw problem(400, 'bad_parameter', { name: 'delete', value: 'true', expected: 'false' });
    const writer = { ...writerOf(c), reason: request.reason ?? null };
    return c.json(await changeMany(deps, resourceOf(deps, c), request, writer));
  });
  routes.post('/api/:resource/_bulk/:id/_undo', async (c) =>
    c.json(await undoMany(deps, resourceOf(deps, c), idOf(c), writerOf(c))),
  );
  routes.post('/api/:resource/_bulk_actions/:name', async (c) => {
    const request = readRequest(await readObject(c), ACTION_SHAPES) as BulkActionRequest;
    const call = { name: c.req.param('name')!, request };
    return c.json(await actOnMany(deps, resourceOf(deps, c), call, writerOf(c)));
  });
  routes.get('/api/:resource/_trash', async (c) => {
    const reader = { caller: c.var.user, lang: c.var.lang };
    const { entries, next } = await listTrash(deps, resourceOf(deps, c), reader, trashAsked(searchOf(c)));
    if (next !== null) c.header('x-next-before', String(next));
    return c.json(entries, 200, { 'cache-control': 'no-store' });
  });
  routes.post('/api/:resource/_trash/:id/_restore', async (c) => {
    const written = await restoreRecord(deps, resourceOf(deps, c), idOf(c), writerOf(c));
    return written.proposed ? proposedAnswer(deps, written.proposed, writerOf(c)) : recordAnswer(written, 201);
  });
  routes.get('/api/:resource/:id/_delete_preview', async (c) => {
    const reader = { caller: c.var.user, lang: c.var.lang };
    return c.json(await deletePreview(deps, resourceOf(deps, c), idOf(c), reader), 200, {
      'cache-control': 'no-store',
    });
  });
  return routes;
}

type Shapes<T> = { [key in keyof Required<T>]: (value: unknown) => boolean };

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const SELECTION: Shapes<Pick<BulkRequest, 'ids' | 'filter' | 'expected' | 'dry_run'>> = {
  ids: (value) => Array.isArray(value) && value.every((each) => typeof each === 'number'),
  filter: (value) => typeof value === 'string' && value.length <= 20_000,
  expected: (value) => Number.isSafeInteger(value),
  dry_run: (value) => typeof value === 'boolean',
};
const SHAPES: Shapes<BulkRequest> = {
  ...SELECTION,
  set: isObject,
  clear: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  delete: (value) => typeof value === 'boolean',
  reason: (value) => typeof value === 'string' && value.length <= 500,
};
const ACTION_SHAPES: Shapes<BulkActionRequest> = { ...SELECTION, input: isObject };

/** @throws Problem 400 naming the key that is unknown or has another type */
function readRequest(body: Row, shapes: { [name: string]: (value: unknown) => boolean }): unknown {
  for (const [name, value] of Object.entries(body)) {
    const right = Object.hasOwn(shapes, name) ? shapes[name]! : null;
    if (!right) throw problem(400, 'unknown_parameter', { name: name.slice(0, 60), hint: '' });
    if (!right(value)) throw problem(400, 'bad_parameter', { name, value: '', expected: '' });
  }
  return body;
}

/** @throws Problem 400 for anything but record_id and before, numbers */
function trashAsked(search: string): TrashAsked {
  const asked: TrashAsked = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (name !== 'record_id' && name !== 'before')
      throw problem(400, 'unknown_parameter', { name: name.slice(0, 60), hint: '' });
    if (!/^\d{1,15}$/.test(value)) throw problem(400, 'bad_id', { id: value.slice(0, 60) });
    asked[name] = Number(value);
  }
  return asked;
}
