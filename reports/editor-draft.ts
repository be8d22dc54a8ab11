/** What was typed and not saved, kept in this browser through reloads and lost sessions. */
export interface Draft {
  text: string;
  /** When it was typed, RFC 3339. */
  at: string;
}

const PREFIX = 'evergreen.report-draft.';
/** Drafts of texts that nobody came back to. */
const DAYS_MAX = 30;

export function readDraft(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null') as Draft | null;
    const old = draft && Date.now() - Date.parse(draft.at) > DAYS_MAX * 86_400_000;
    return draft && typeof draft.text === 'string' && !old ? draft : null;
  } catch {
    return null;
  }
}

export function keepDraft(key: string, text: string): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ text, at: new Date().toISOString() } satisfies Draft));
  } catch {
    // A full or closed storage: the text is still on the page.
  }
}

export function dropDraft(key: string): void {
  localStorage.removeItem(PREFIX + key);
}
