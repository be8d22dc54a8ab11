/** What was typed and not saved, kept in this browser through reloads and lost sessions. */
export interface Typed {
  text: string;
  /** Of a new report: where it is to be kept, and under which name. */
  area: string;
  name: string;
  note: string;
}
export interface Draft extends Typed {
  /** When it was typed, RFC 3339. */
  at: string;
}

const PREFIX = 'evergreen.report-draft.';
/** Drafts of texts that nobody came back to. */
const DAYS_MAX = 30;

export function readDraft(key: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null') as Partial<Draft> | null;
    if (typeof kept?.text !== 'string' || !kept.at) return null;
    if (Date.now() - Date.parse(kept.at) > DAYS_MAX * 86_400_000) return null;
    const { text, at, area = '', name = '', note = '' } = kept;
    return { text, at, area, name, note };
  } catch {
    return null;
  }
}

export function keepDraft(key: string, typed: Typed): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ ...typed, at: new Date().toISOString() } satisfies Draft));
  } catch {
    // A full or closed storage: the text is still on the page.
  }
}

export function dropDraft(key: string): void {
  localStorage.removeItem(PREFIX + key);
}
