/** "Did you mean …": the name nearest to a misspelt one, or nothing when none is near. */
import type { Pair } from './contract.ts';

export function closestName(wrong: string, names: Iterable<string>): string | null {
  const limit = wrong.length <= 4 ? 1 : wrong.length <= 8 ? 2 : 3;
  let best: string | null = null;
  let distance = limit + 1;
  for (const name of names) {
    const found = editDistance(wrong.toLowerCase(), name.toLowerCase(), distance);
    if (found < distance) {
      best = name;
      distance = found;
    }
  }
  return best;
}

/** A hint: the nearest name, else the names there are (the first 20). */
export function nameHint(wrong: string, names: Iterable<string>): Pair {
  const all = [...names];
  const near = closestName(wrong, all);
  if (near) return [`是不是想写 ${near}？`, `Did you mean ${near}?`];
  const list = all.slice(0, 20).join(', ') + (all.length > 20 ? ' …' : '');
  return all.length > 0 ? [`可用：${list}`, `Available: ${list}`] : ['没有可用的名称', 'There are none'];
}

/** Damerau-Levenshtein (a swap of neighbours costs one), given up with `stop` once it cannot be lower. */
function editDistance(a: string, b: string, stop: number): number {
  if (Math.abs(a.length - b.length) >= stop) return stop;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return Math.min(previous[b.length]!, stop);
}
