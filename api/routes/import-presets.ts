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
import type { Field, Resource } from '../contract.ts';
import { fieldErrors, problem } from '../errors.ts';
import { type ImportFields, importFields } from '../import/fields.ts';
import { checkMapping } from '../import/mapping.ts';
import { deletePreset, listPresets, resourceOfPreset, savePreset } from '../import/preset-store.ts';
import { Fault, parseFieldValue } from '../validate.ts';
import { idOf } from './resources.ts';

const NAME: Field = { kind: 'text', label: ['方案名称', 'Name'], max: 100 };

export function importPresetsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/_import_presets', async (c) => {
    const { resource } = importable(deps, c.req.query('resource') ?? '', c.var.user);
    return c.json(await listPresets(deps.db, resource.name));
  });

  routes.post('/api/_import_presets', async (c) => {
    const { resource: target, name: given, mapping: sent, ...rest } = await readObject(c);
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    const { resource, fields } = importable(deps, typeof target === 'string' ? target : '', c.var.user);
    const name = parseFieldValue(NAME, given, 'json');
    if (name instanceof Fault)
      throw fieldErrors({ name: { key: name.key, params: { label: NAME.label, ...name.params } } });
    if (typeof name !== 'string') throw fieldErrors({ name: { key: 'required', params: { label: NAME.label } } });
    const mapping = checkMapping(sent, { resource, fields, headers: null });
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
