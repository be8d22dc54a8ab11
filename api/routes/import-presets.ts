/**
 * Remembered mappings of files:
 *
 *   GET    /api/_import_presets?resource=…                     -> ImportPreset[]; those that came with the product have no id
 *   POST   /api/_import_presets {resource, name, mapping}      -> 201 ImportPreset; a name that is there is replaced
 *   DELETE /api/_import_presets/:id                            -> 204
 */
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Caller, Deps, Env } from '../context.ts';
import type { Resource } from '../contract.ts';
import { fieldErrors, problem } from '../errors.ts';
import { type ImportFields, importFields } from '../import/fields.ts';
import { checkMapping } from '../import/mapping.ts';
import { deletePreset, listPresets, resourceOfPreset, savePreset } from '../import/preset-store.ts';
import { idOf } from './resources.ts';

const NAME_MAX = 100;

export function importPresetsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/_import_presets', async (c) => {
    const { resource } = importable(deps, c.req.query('resource') ?? '', c.var.user);
    return c.json(await listPresets(deps.db, resource.name));
  });

  routes.post('/api/_import_presets', async (c) => {
    const body = await readObject(c);
    const { resource, fields } = importable(deps, String(body.resource ?? ''), c.var.user);
    const name = typeof body.name === 'string' ? body.name.trim() : '';
    if (name === '') throw fieldErrors({ name: { key: 'required', params: { label: ['方案名称', 'Name'] } } });
    if ([...name].length > NAME_MAX) {
      throw fieldErrors({ name: { key: 'too_long', params: { label: ['方案名称', 'Name'], max: NAME_MAX } } });
    }
    const mapping = checkMapping(body.mapping, { resource, fields, headers: null });
    const preset = await savePreset(deps.db, { resource: resource.name, name, mapping, created_by: c.var.user.id });
    return c.json(preset, 201);
  });

  routes.delete('/api/_import_presets/:id', async (c) => {
    const id = idOf(c);
    importable(deps, await resourceOfPreset(deps.db, id), c.var.user);
    await deletePreset(deps.db, id);
    return c.body(null, 204);
  });

  return routes;
}

function importable(deps: Deps, name: string, caller: Caller): { resource: Resource; fields: ImportFields } {
  const resource = deps.resources.get(name);
  if (!resource) throw problem(404, 'unknown_resource', { resource: name.slice(0, 60), hint: '' });
  return { resource, fields: importFields(resource, caller) };
}
