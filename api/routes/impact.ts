/** POST /api/:resource/_impact {id?, values} -> Impact: who moves and what it costs, before it is saved. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Caller, Deps, Env } from '../context.ts';
import type { Impact, Lang, Resource, Row } from '../contract.ts';
import { fieldErrors, problem } from '../errors.ts';
import { accessOf } from '../records/access.ts';
import { readCurrent } from '../records/read-current.ts';
import { checkInput } from '../records/write-input.ts';
import { resourceOf, writerOf } from './resources.ts';

/** What a file in api/impacts exports. `values`: what would be saved, valid, over the record as it is. */
export interface ImpactModule {
  impact(deps: Deps, change: { id: number | null; values: Row; caller: Caller; lang: Lang }): Promise<Impact>;
}

const FOLDER = join(import.meta.dirname, '..', 'impacts');

export function impactRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.post('/api/:resource/_impact', async (c) => {
    const resource = resourceOf(deps, c);
    const { caller, lang } = writerOf(c);
    const access = accessOf(caller, resource);
    if (!access.create && !access.edit) throw problem(403, 'forbidden_edit', { resource: resource.label });
    const { id = null, values = {}, ...rest } = await readObject(c);
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    if (id !== null && !Number.isSafeInteger(id)) throw fieldErrors({ id: { key: 'not_an_integer' } });
    if (typeof values !== 'object' || values === null || Array.isArray(values))
      throw fieldErrors({ values: { key: 'not_an_object' } });
    const module = await impactModule(resource);
    if (!module) throw problem(404, 'no_impact', { resource: resource.name });

    const current =
      id === null ? beginning(resource, values as Row) : await readCurrent(deps, resource, id as number, writerOf(c));
    if (!current) throw problem(404, 'not_found');
    // A form may send the whole record; what cannot be written cannot have an impact.
    const input = Object.fromEntries(Object.entries(values).filter(([name]) => access.fields.get(name)?.write));
    const checked = await checkInput(deps, { resource, input, current, caller });
    return c.json(
      await module.impact(deps, { id: id as number | null, values: { ...current, ...checked }, caller, lang }),
    );
  });

  return routes;
}

/** A record that is not there yet: what it begins with, and what is fixed from its first save on. */
function beginning({ fields }: Resource, values: Row): Row {
  const begins: Row = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.default !== undefined) begins[name] = field.default;
    if (field.frozen && Object.hasOwn(values, name)) begins[name] = values[name]!;
  }
  return begins;
}

async function impactModule(resource: Resource): Promise<ImpactModule | null> {
  const file = join(FOLDER, `${resource.name}.ts`);
  if (!resource.impact || !existsSync(file)) return null;
  return (await import(pathToFileURL(file).href)) as ImpactModule;
}
