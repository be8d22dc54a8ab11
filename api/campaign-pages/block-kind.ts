/**
 * What a file of api/page-blocks says of a kind of blocks. Its fields are data, like those of a resource; what it shows is a
 * function of the block, of what it is about and, where the visitor is known, of them.
 */
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
