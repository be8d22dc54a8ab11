/** The kinds of blocks that pages are made of: every file in api/page-blocks is one. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Field, Pair } from '../contract.ts';
import type { BlockKind } from './block-kind.ts';

const FOLDER = join(import.meta.dirname, '..', 'page-blocks');

async function readKinds(folder: string): Promise<ReadonlyMap<string, BlockKind>> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (file): Promise<[string, BlockKind]> => {
      const module = (await import(pathToFileURL(join(folder, file)).href)) as { default?: BlockKind };
      if (!module.default?.render)
        throw new Error(`api/page-blocks/${file}: needs a default export made by blockKind().`);
      return [basename(file, '.ts'), module.default];
    }),
  );
  return new Map(found.sort(([, left], [, right]) => left.order - right.order));
}

/** By name, in the order in which they are offered. */
export const BLOCK_KINDS = await readKinds(FOLDER);

/** The kinds as choices. */
export const kindChoices = (): { [name: string]: Pair } =>
  Object.fromEntries([...BLOCK_KINDS].map(([name, { label }]) => [name, label]));

/**
 * The fields of all kinds as those of one list: each is shown for the kinds that have it.
 * @throws Error where two kinds mean different things by one name
 */
export function blockFields(kinds: ReadonlyMap<string, BlockKind> = BLOCK_KINDS): { [name: string]: Field } {
  const found = new Map<string, { field: Field; kinds: string[] }>();
  for (const [kind, { fields }] of kinds) {
    for (const [name, field] of Object.entries(fields)) {
      const known = found.get(name);
      if (!known) found.set(name, { field, kinds: [kind] });
      else if (JSON.stringify(known.field) === JSON.stringify(field)) known.kinds.push(kind);
      else
        throw new Error(`api/page-blocks/${kind}.ts: "${name}" is another field in ${known.kinds[0]}.ts; rename it.`);
    }
  }
  return Object.fromEntries(
    [...found].map(([name, { field, kinds: of }]) => [
      name,
      { ...field, showWhen: { kind: { in: of } }, whenHidden: 'clear' as const },
    ]),
  );
}
