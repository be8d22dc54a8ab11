/** Changes that are being tried out: kept in this browser, so that several forms can send theirs to one back-test. */
import type { Pair, Row } from '../../api/contract.ts';
import type { TrialDraft } from '../../api/contract-trials.ts';

export interface KeptDraft extends TrialDraft {
  name: Pair;
  /** What it does, where it is a record switched on or off. */
  as?: 'on' | 'off';
}

const KEY = 'evergreen.trial';

export function keptDrafts(): KeptDraft[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? (kept as KeptDraft[]) : [];
  } catch {
    return [];
  }
}

/** Takes the place of an earlier one of the same record. @returns what it is called in an address */
export function keepDraft(draft: KeptDraft): string {
  const others = keptDrafts().filter((each) => nameOf(each) !== nameOf(draft));
  write([draft, ...others].slice(0, 10));
  return nameOf(draft);
}

export function dropDraft(name: string): KeptDraft[] {
  const left = keptDrafts().filter((each) => nameOf(each) !== name);
  write(left);
  return left;
}

export const draftNamed = (name: string | null): KeptDraft | null =>
  keptDrafts().find((each) => nameOf(each) === name) ?? null;

export function nameOf({ resource, id, values }: Pick<KeptDraft, 'resource' | 'id'> & { values: Row }): string {
  return `${resource}:${id ?? `new-${String(values.code ?? '')}`}`;
}

function write(drafts: readonly KeptDraft[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(drafts));
  } catch {
    // A full store: the draft is only not carried over.
  }
}
