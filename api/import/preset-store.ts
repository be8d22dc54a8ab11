/** Remembered mappings: those that came with the product and those people saved, per resource. */
import type { Kysely } from 'kysely';
import type { ImportMapping, ImportPreset } from '../contract.ts';
import { problem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { SHIPPED_PRESETS } from './presets.ts';

/** People's own first: whoever saved one for a file means it. */
export async function listPresets(db: Kysely<DB>, resource: string): Promise<ImportPreset[]> {
  const saved = await db
    .selectFrom('app.import_presets')
    .select(['id', 'resource', 'name', 'mapping'])
    .where('resource', '=', resource)
    .orderBy('id', 'desc')
    .execute();
  const own = saved.map((preset) => ({ ...preset, mapping: preset.mapping as unknown as ImportMapping }));
  return [...own, ...SHIPPED_PRESETS.filter((preset) => preset.resource === resource)];
}

/** Saving under a name again replaces it. */
export async function savePreset(
  db: Kysely<DB>,
  {
    resource,
    name,
    mapping,
    created_by,
  }: { resource: string; name: string; mapping: ImportMapping; created_by: number },
): Promise<ImportPreset> {
  const { id } = await db
    .insertInto('app.import_presets')
    .values({ resource, name, mapping: JSON.stringify(mapping), created_by })
    .onConflict((conflict) =>
      conflict.columns(['resource', 'name']).doUpdateSet({ mapping: JSON.stringify(mapping), created_by }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, resource, name, mapping };
}

export async function deletePreset(db: Kysely<DB>, id: number): Promise<void> {
  await db.deleteFrom('app.import_presets').where('id', '=', id).execute();
}

/** @throws Problem 404 */
export async function resourceOfPreset(db: Kysely<DB>, id: number): Promise<string> {
  const found = await db.selectFrom('app.import_presets').select('resource').where('id', '=', id).executeTakeFirst();
  if (!found) throw problem(404, 'not_found');
  return found.resource;
}
