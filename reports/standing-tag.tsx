/** How a figure stands to what it is to be: a word and a colour. */
import type { Lang } from '../api/contract.ts';
import type { GoalStatus } from '../api/contract-written.ts';
import { say, type Word } from './words.ts';

export function StandingTag({ status, lang }: { status: GoalStatus; lang: Lang }) {
  return <span className={`standing standing-${status}`}>{say(lang, `standing_${status}` as Word)}</span>;
}
