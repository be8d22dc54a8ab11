/**
 * Files into resources:
 *
 *   POST   /api/:resource/_import?file_name=…  the file as the body -> 201 ImportStatus with a proposed mapping
 *   GET    /api/_imports?resource=…            -> ImportStatus[], newest first, without rows and errors
 *   GET    /api/_imports/:id                   -> ImportStatus
 *   PATCH  /api/_imports/:id {mapping, mode}   -> ImportStatus; another format reads the file again
 *   POST   /api/_imports/:id/_check            -> 202 ImportStatus; nothing is written
 *   POST   /api/_imports/:id/_run              -> 202 ImportStatus
 *   POST   /api/_imports/:id/_cancel           -> ImportStatus
 *   GET    /api/_imports/:id/errors.csv        -> the wrong rows with their reasons

 */
import { type Context, Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { ImportFormat, ImportMapping, ImportMode, Resource } from '../contract.ts';
import { Problem, problem } from '../errors.ts';
import { describeAs, detect } from '../import/detect.ts';
import { type ImportFields, importFields, proposeMapping } from '../import/fields.ts';
import { dropUpload, hasUpload, keepUpload } from '../import/file.ts';
import { checkMapping, requireKey, sameFormat } from '../import/mapping.ts';
import { recallMapping, rememberMapping } from '../import/memory.ts';
import { listPresets } from '../import/preset-store.ts';
import { cancelImport, recoverImports, startImport } from '../import/run.ts';
import { AT_REST, addImport, type ImportRow, importStatus, moveImport, readImport } from '../import/store.ts';
import { PredicateError } from '../predicate.ts';
import { accessOf } from '../records/access.ts';
import { idOf, resourceOf } from './resources.ts';

const MODES: readonly string[] = ['insert', 'upsert', 'update'] satisfies ImportMode[];
const LISTED = 50;

export function importsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  recoverImports(deps).catch((error) => deps.log.error({ error }, 'imports could not be looked after'));

  routes.post('/api/:resource/_import', async (c) => {
    const resource = resourceOf(deps, c);
    const fields = importFields(resource, c.var.user);
    const file_name = (c.req.query('file_name') ?? '').replace(/[\p{Cc}/\\]/gu, '').slice(0, 200) || 'import.csv';
    const id = await addImport(deps.db, { resource: resource.name, file_name, created_by: c.var.user.id });
    try {
      await keepUpload(deps.config, id, c.req.raw.body);
      const found = await detect(deps.config, id);
      const presets = await listPresets(deps.db, resource.name);
      const { headers, format } = found;
      const place = { user_id: c.var.user.id, resource: resource.name, headers };
      const remembered = await usable(deps, place, { resource, fields });
      const mapping = proposeMapping({ ...fields, headers, sample: found.sample, format, presets, remembered });
      await moveImport(deps.db, id, ['uploaded'], {
        headers: found.headers,
        sample: JSON.stringify(found.sample),
        format: JSON.stringify(found.format),
        mapping: JSON.stringify(mapping),
        rows_total: found.rows_total,
      });
    } catch (error) {
      await dropUpload(deps.config, id);
      await deps.db.deleteFrom('app.imports').where('id', '=', id).execute();
      throw error;
    }
    return c.json(importStatus(await readImport(deps.db, id), readerOf(c)), 201);
  });

  routes.get('/api/_imports', async (c) => {
    const resource = deps.resources.get(c.req.query('resource') ?? '');
    if (!resource)
      throw problem(404, 'unknown_resource', { resource: c.req.query('resource')?.slice(0, 60) ?? '', hint: '' });
    importFields(resource, c.var.user);
    const rows = await deps.db
      .selectFrom('app.imports')
      .selectAll()
      .where('resource', '=', resource.name)
      .orderBy('id', 'desc')
      .limit(LISTED)
      .execute();
    return c.json(rows.map((row) => ({ ...importStatus(row, readerOf(c)), sample: [], errors: [] })));
  });

  routes.get('/api/_imports/:id', async (c) => {
    const { row } = await importOf(deps, c);
    return c.json(importStatus(row, readerOf(c)));
  });

  routes.patch('/api/_imports/:id', async (c) => {
    const { row, resource, fields } = await importOf(deps, c);
    const body = await readObject(c);
    const { mapping: given, mode, ...rest } = body;
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    if (mode !== undefined && (typeof mode !== 'string' || !MODES.includes(mode)))
      throw problem(400, 'bad_parameter', { name: 'mode' });
    const change: Parameters<typeof moveImport>[3] = mode === undefined ? {} : { mode };
    if (given !== undefined)
      Object.assign(change, await remapped(deps, { row, resource, fields, given, user_id: c.var.user.id }));
    if (!(await moveImport(deps.db, row.id, AT_REST, { state: 'uploaded', ...change })))
      throw problem(409, 'import_state');
    return c.json(importStatus(await readImport(deps.db, row.id), readerOf(c)));
  });

  for (const kind of ['check', 'run'] as const) {
    routes.post(`/api/_imports/:id/_${kind}`, async (c) => {
      const { row, resource, fields } = await importOf(deps, c);
      const mapping = checkMapping(row.mapping, { resource, fields, headers: row.headers });
      requireKey(mapping, fields, resource);
      if (!(await hasUpload(deps.config, row.id))) throw problem(409, 'import_file_gone');
      const { user: caller, request_id } = c.var;
      await rememberMapping(deps.db, { user_id: caller.id, resource: resource.name, headers: row.headers }, mapping);
      await startImport(deps, { import_id: row.id, resource, fields, caller, request_id, kind });
      return c.json(importStatus(await readImport(deps.db, row.id), readerOf(c)), 202);
    });
  }

  routes.post('/api/_imports/:id/_cancel', async (c) => {
    const { row } = await importOf(deps, c);
    await cancelImport(deps, row.id);
    return c.json(importStatus(await readImport(deps.db, row.id), readerOf(c)));
  });

  return routes;
}

/** What was remembered may no longer fit: a field is gone, or no longer this person's to write. */
async function usable(
  deps: Deps,
  place: Parameters<typeof recallMapping>[1],
  { resource, fields }: { resource: Resource; fields: ImportFields },
): Promise<ImportMapping | null> {
  const remembered = await recallMapping(deps.db, place);
  try {
    return remembered && checkMapping(remembered, { resource, fields, headers: place.headers });
  } catch (error) {
    if (error instanceof Problem || error instanceof PredicateError) return null;
    throw error;
  }
}

function readerOf(c: Context<Env>) {
  return { ...c.var.user, lang: c.var.lang };
}

/** Those who may import a resource see how its imports go. */
export async function importOf(
  deps: Deps,
  c: Context<Env>,
): Promise<{ row: ImportRow; resource: Resource; fields: ImportFields }> {
  const row = await readImport(deps.db, idOf(c));
  const resource = deps.resources.get(row.resource);
  if (!resource || !accessOf(c.var.user, resource).import) throw problem(404, 'not_found');
  return { row, resource, fields: importFields(resource, c.var.user) };
}

/** A new mapping; when it names another format, the file is read again and its headers change with it. */
async function remapped(
  deps: Deps,
  {
    row,
    resource,
    fields,
    given,
    user_id,
  }: { row: ImportRow; resource: Resource; fields: ImportFields; given: unknown; user_id: number },
): Promise<Parameters<typeof moveImport>[3]> {
  const now = row.format as unknown as ImportFormat;
  const mapping: ImportMapping = checkMapping(given, { resource, fields, headers: null });
  if (!mapping.format || sameFormat(mapping.format, now)) {
    checkMapping(given, { resource, fields, headers: row.headers });
    return { mapping: JSON.stringify(mapping) };
  }
  const lines = (row.rows_total ?? 0) + (now.header ? 1 : 0);
  const found = await describeAs(deps.config, row.id, mapping.format, lines);
  if (Object.keys(mapping.columns).length === 0) {
    // Of other columns nothing has been said yet: what fits them is proposed again.
    const place = { user_id, resource: resource.name, headers: found.headers };
    const proposed = proposeMapping({
      ...fields,
      headers: found.headers,
      sample: found.sample,
      format: found.format,
      presets: await listPresets(deps.db, resource.name),
      remembered: await usable(deps, place, { resource, fields }),
    });
    Object.assign(mapping, proposed, { format: mapping.format });
  }
  const known = Object.fromEntries(
    Object.entries(mapping.columns).filter(([, header]) => found.headers.includes(header)),
  );
  return {
    mapping: JSON.stringify({ ...mapping, columns: known }),
    headers: found.headers,
    sample: JSON.stringify(found.sample),
    format: JSON.stringify(found.format),
    rows_total: found.rows_total,
  };
}
