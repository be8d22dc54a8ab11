/**
 * The screen of permissions, for administrators at a screen:
 *
 *   GET  /api/_permissions                          -> PermissionMatrix
 *   PUT  /api/_permissions/:role/:resource          PermissionChange and `reason`; If-Match "<version>" ("0": nothing was
 *                                                   changed before) -> PermissionCell[] of the role and resource; 202 the
 *                                                   change request that waits instead
 *   GET  /api/_permissions/why?user=1&resource=name -> PermissionWhy
 */
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import { fieldErrors, problem } from '../errors.ts';
import { permissionMatrix } from '../permissions/matrix.ts';
import { checkChange } from '../permissions/store.ts';
import { explain } from '../permissions/why.ts';
import { runAction } from '../records/action.ts';
import { ifMatch, proposedAnswer, readId, resourceOf, writerOf } from './resources.ts';

const REASON_MAX = 300;

export function permissionsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  const fresh = { 'cache-control': 'no-store' };

  routes.use('/api/_permissions/*', async (c, next) => {
    if (!c.var.user.roles.includes('administrator')) throw problem(403, 'forbidden');
    await next();
  });

  routes.get('/api/_permissions', async (c) => c.json(await permissionMatrix(deps), 200, fresh));

  routes.get('/api/_permissions/why', async (c) => {
    const resource = deps.resources.get(c.req.query('resource') ?? '');
    if (!resource) throw problem(404, 'not_found');
    return c.json(await explain(deps, readId(c.req.query('user') ?? ''), resource), 200, fresh);
  });

  routes.put('/api/_permissions/:role/:resource', async (c) => {
    const resource = resourceOf(deps, c);
    const role = c.req.param('role');
    const { reason, ...input } = await readObject(c);
    const version = ifMatch(c);
    if (version === null) throw problem(428, 'version_needed');
    const found = await deps.db.selectFrom('app.roles').select('id').where('code', '=', role).executeTakeFirst();
    if (!found || role === 'administrator') throw problem(404, 'not_found');
    // What is wrong is told by the fields of the screen, not by those of the action.
    checkChange(resource, input);
    const call = {
      ...{ name: 'set_permissions', id: found.id, if_match: null },
      input: { resource: resource.name, change: JSON.stringify(input), from_version: version },
    };
    const writer = { ...writerOf(c), reason: reasonOf(reason) };
    const done = await runAction(deps, deps.resources.get('roles')!, call, writer);
    if ('proposed' in done) return proposedAnswer(deps, done.proposed, writer);
    await deps.definitions.fresh();
    const { cells } = await permissionMatrix(deps);
    return c.json(
      cells.filter((cell) => cell.role === role && cell.resource === resource.name),
      200,
      fresh,
    );
  });

  return routes;
}

function reasonOf(given: unknown): string | null {
  if (given === undefined || given === null || given === '') return null;
  if (typeof given !== 'string' || given.length > REASON_MAX)
    throw fieldErrors({ reason: { key: 'too_long', params: { label: ['原因', 'The reason'], max: REASON_MAX } } });
  return given.trim();
}
