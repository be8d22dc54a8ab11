/** Quick search: every word must occur in one of the search fields; "several words" in quotes stay together. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { problem } from '../errors.ts';

const WORDS_MAX = 10;
const WORD_MAX = 100;

/** @throws Problem 400 when there are too many words, or one is too long or holds what Postgres cannot. */
export function searchWords(text: string): string[] {
  const words: string[] = [];
  // Chinese keyboards type “ ” and the wide space.
  for (const [, phrase, open, word] of text.matchAll(/["“”]([^"“”]*)["“”]|["“”]([^"“”]*)$|([^\s"“”]+)/g)) {
    const found = (phrase ?? open ?? word ?? '').trim();
    if (found) words.push(found);
  }
  if (words.length > WORDS_MAX) throw problem(400, 'search_too_long', { max: WORDS_MAX });
  for (const word of words) {
    if (word.length > WORD_MAX || word.includes('\0') || !word.isWellFormed()) {
      throw problem(400, 'bad_parameter', { name: 'q', value: word.slice(0, 20), expected: `<= ${WORD_MAX}` });
    }
  }
  return words;
}

/** Without three letters in a row there is no trigram to look for. */
export const isShort = (word: string): boolean => !/[\p{L}\p{N}]{3}/u.test(word);

/**
 * @param columns of the search fields, in the order of the definition; the expression over them is the one that a table's
 *   indexes are made over: lower(coalesce(name, '') || ' ' || external_id)
 * @param letters whether there is an index of its wide_letters too, which finds short Chinese words
 * @param related for each relation that is searched, the condition that its record has a word
 */
export function searchCondition(
  words: readonly string[],
  columns: readonly { column: RawBuilder<unknown>; nullable: boolean }[],
  {
    letters = false,
    related = [],
  }: { letters?: boolean; related?: readonly ((word: string) => RawBuilder<SqlBool>)[] } = {},
): RawBuilder<SqlBool> {
  const parts = columns.map(({ column, nullable }) => (nullable ? sql`coalesce(${column}, '')` : column));
  const all = sql`lower(${sql.join(parts, sql` || ' ' || `)})`;
  const each = words.map((word) => {
    const contains = sql<SqlBool>`${all} like lower(${`%${word.replace(/[\\%_]/g, '\\$&')}%`}::text)`;
    // From three letters on the trigrams find it twenty times quicker.
    const by_letters = letters && isShort(word) && /\P{ASCII}/u.test(word);
    const own = by_letters
      ? sql<SqlBool>`app.wide_letters(${all}) @> app.wide_letters(lower(${word}::text)) and ${contains}`
      : contains;
    const ways = [...(columns.length > 0 ? [own] : []), ...related.map((has) => has(word))];
    if (ways.length === 0) return sql<SqlBool>`false`;
    return ways.length === 1 ? ways[0]! : sql<SqlBool>`(${sql.join(ways, sql` or `)})`;
  });
  return sql`(${sql.join(each, sql` and `)})`;
}
