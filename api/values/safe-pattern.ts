/** Whether a pattern that somebody typed may be run over what others type: it is valid, and no text can make it slow. */

/** Parts that repeat without end; a text is tried in about its length to this power of ways. */
const ENDLESS_MAX = 3;
/** {2,50} is as good as endless. */
const REPEATS_MAX = 20;

export type PatternFault = 'bad_regexp' | 'slow_regexp';

export function patternFault(pattern: string): PatternFault | null {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'bad_regexp';
  }
  // Looking around and back makes time grow beyond what can be counted here.
  if (/\\[1-9]|\\k</.test(pattern) || /\(\?(?:[=!]|<[=!])/.test(pattern)) return 'slow_regexp';
  return isSlow(pattern) ? 'slow_regexp' : null;
}

/** A repeated group with a repetition or a choice in it, or too many repetitions in a row. */
function isSlow(pattern: string): boolean {
  const open: boolean[] = [];
  let closed = false;
  let endless = 0;
  for (const [token] of pattern.matchAll(
    /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?::|<[^>]*>))?|[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu,
  )) {
    const varies = open.length - 1;
    if (token.startsWith('(')) open.push(false);
    else if (token === ')') {
      closed = open.pop() ?? false;
      // What varies inside varies for the group around it.
      if (closed && open.length > 0) open[open.length - 1] = true;
      continue;
    } else if (token === '|') {
      if (varies >= 0) open[varies] = true;
    } else if (repeats(token)) {
      if (closed) return true;
      if (++endless > ENDLESS_MAX) return true;
      if (varies >= 0) open[varies] = true;
    }
    closed = false;
  }
  return false;
}

function repeats(token: string): boolean {
  if (/^[*+]/.test(token)) return true;
  const counts = /^\{(\d+)(?:(,)(\d*))?\}/.exec(token);
  return (
    counts !== null &&
    (counts[2] !== undefined ? counts[3] === '' || Number(counts[3]) > REPEATS_MAX : Number(counts[1]) > 1_000)
  );
}
