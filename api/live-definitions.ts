/**
 * The definitions in force: the files of api/resources with what staff changed on screens laid over them. Every file in
 * api/overlays is one such layer, applied in the order of the file names. When a record changes that a layer is made of,
 * the layers are applied again before the next request is answered, without a restart.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Deps } from './context.ts';
import type { Resource } from './contract.ts';
import type { DB } from './schema.ts';

type Resources = ReadonlyMap<string, Resource>;

/** What a file of api/overlays exports. */
export interface Overlay {
  /** Names of the resources whose records it is made of. */
  reads: readonly string[];
  /**
   * @returns the definitions with the layer over them; what it does not change must stay the same object, because what
   *   was worked out for it is kept by it. Stored data that no longer fits is left out, never thrown over.
   */
  overlay(db: Kysely<DB>, resources: Resources): Promise<Resources>;
}

export interface Definitions {
  readonly resources: Resources;
  /** Names of the resources whose records the layers are made of. */
  readonly reads: ReadonlySet<string>;
  /** Records of the resource changed: what is made of them is out of date. */
  changed(resource: string): void;
  /** @returns nothing when all is up to date, else what to wait for */
  fresh(): Promise<void> | undefined;
}

const FOLDER = join(import.meta.dirname, 'overlays');

/**
 * What every route is given: the rest with the definitions in force.
 * @param base what loadResources gave
 */
export async function withDefinitions(
  rest: Omit<Deps, 'resources' | 'definitions'>,
  base: Resources,
  folder = FOLDER,
): Promise<Deps> {
  const definitions = await liveDefinitions(rest, base, folder);
  return {
    ...rest,
    definitions,
    get resources() {
      return definitions.resources;
    },
  };
}

async function liveDefinitions(
  { db, log }: { db: Kysely<DB>; log: Logger },
  base: Resources,
  folder: string,
): Promise<Definitions> {
  const overlays = await readOverlays(folder);
  const read = new Set(overlays.flatMap((each) => each.reads));
  let resources = base;
  let stale = overlays.length > 0;
  let applying: Promise<void> | undefined;

  const apply = async () => {
    try {
      // A change that comes while the layers are read makes them stale again.
      while (stale) {
        stale = false;
        let next = base;
        for (const each of overlays) next = await each.overlay(db, next);
        resources = next;
      }
    } catch (error) {
      // Tried again with the next request.
      stale = true;
      log.error({ err: error }, 'the definitions stay as they were: what staff changed in them could not be applied');
    } finally {
      applying = undefined;
    }
  };
  const fresh = () => {
    if (stale) applying ??= apply();
    return applying;
  };
  await fresh();
  return {
    get resources() {
      return resources;
    },
    reads: read,
    changed: (resource) => {
      if (read.has(resource)) stale = true;
    },
    fresh,
  };
}

async function readOverlays(folder: string): Promise<Overlay[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.ts')).sort();
  return Promise.all(
    files.map(async (file) => {
      const found = (await import(pathToFileURL(join(folder, file)).href)) as Partial<Overlay>;
      if (!found.overlay || !found.reads) throw new Error(`api/overlays/${file}: exports "reads" and "overlay".`);
      return { reads: found.reads, overlay: found.overlay };
    }),
  );
}
