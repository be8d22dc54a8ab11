/** Texts that a spreadsheet would run as a formula. */
import { type RawBuilder, sql } from 'kysely';

/** First letters that make a spreadsheet run a text as a formula, their wide forms too. */
export const FORMULA_LETTERS = '=+-@\t\r\n＝＋－＠';

const PATTERN = `^'*[-${FORMULA_LETTERS.replace('-', '')}]`;
const FORMULA = new RegExp(PATTERN);

/** True for a text that stands behind an apostrophe in a delimited file. */
export function needsGuard(text: string): boolean {
  return FORMULA.test(text);
}

/**
 * The text, behind an apostrophe where it would run as a formula, and where it looks as if it stood behind one already: then
 * taking one away gives every text back.
 */
export function guarded(text: RawBuilder<unknown>): RawBuilder<unknown> {
  // The number of the first letter is had without making a text of it; few texts are looked at further.
  const first = `{${[...`'${FORMULA_LETTERS}`].map((letter) => letter.codePointAt(0)).join()}}`;
  return sql`case when ascii(${text}) = any (${first}::integer[]) and ${text} ~ ${PATTERN} then '''' || ${text} else ${text} end`;
}
