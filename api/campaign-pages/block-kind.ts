/**
 * The kinds of blocks that pages are made of: every file in api/page-blocks is one. Its fields are data, like those of a
 * resource; what it shows is a function of the block, of what it is about and, where the visitor is known, of them.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Kysely } from 'kysely';
import type { Field, Json, Lang, Pair, Row } from '../contract.ts';
import type { DB } from '../schema.ts';
import type { Html } from './html.ts';

/** A block as it is stored: `code`, `kind`, and the fields of its kind. */
export type Block = Row & { code: string; kind: string };

/** What a block is drawn with. */
export interface Shown<Facts, Own> {
  block: Block;
  facts: Facts;
  /** Of the visitor; null where nobody knows who it is. */
  own: Own | null;
  lang: Lang;
  /** In the language of the page; the Chinese words where there are no English ones. */
  say(field: string): string;
  /** One of two texts of the kind's own. */
  tell(pair: Pair): string;
  /** ` data-hm="…"` of a part that `parts` names, or of the block itself without one. */
  hm(part?: string): Html;
  /** The block's heading: the page's own where it comes first. */
  heading(text: string): Html;
  money(amount: Json): string;
  count(amount: Json): string;
  day(time: Json): string;
  /** Where forms of the block are sent to, with what the server wants back. Null: the visitor is not known. */
  form: { action: string; hidden: Html } | null;
  /** What came of the visitor's last form, where it was of this block. */
  said: Pair | null;
}

export interface BlockKind<Facts = unknown, Own = unknown> {
  label: Pair;
  /** Place in the list of kinds. */
  order: number;
  fields: { [name: string]: Field };
  /** What in it can be clicked or told apart on a heatmap, by a name that stays. */
  parts(block: Block): { [part: string]: Pair };
  /** What it is about, the same for everybody. */
  facts?(db: Kysely<DB>, block: Block): Promise<Facts>;
  /** What of it is the visitor's. */
  own?(db: Kysely<DB>, block: Block, customer_id: number): Promise<Own>;
  /** The block has a form: what a visitor asks for with it, in a transaction. @returns why not, null where it was done */
  act?(trx: Kysely<DB>, block: Block, asked: { customer_id: number; external_id: string }): Promise<Pair | null>;
  render(shown: Shown<Facts, Own>): Html;
}

/** Facts and the visitor's own are what the functions of one file hand to each other: nobody else looks at them. */
export function blockKind<Facts = null, Own = null>(kind: BlockKind<Facts, Own>): BlockKind {
  return kind as unknown as BlockKind;
}

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
