/** Says what was done to records, with the way back. */
import type { BulkAnswer, TrashEntry } from '../../api/contract.ts';
import { translate } from '../i18n/index.ts';
import { noteOwnChanges } from '../list/live-changes.ts';
import { getJson, HttpFailure, postJson, send } from '../refine/http.ts';
import { META_KEY, queryClient } from '../refine/query-client.ts';
import { showToast } from '../ui/toast-store.ts';

const base = (resource: string) => `/api/${encodeURIComponent(resource)}`;

/** @param bulk_id null where nothing was changed */
export function toastWithUndo(resource: string, text: string, bulk_id: number | null): void {
  const undo = async () => void (await undoBulk(resource, bulk_id!));
  showToast({ text, ...(bulk_id === null ? {} : { action: { label: translate('bulk.undo'), run: undo } }) });
}

/** What was done to many: with the way back, and with how many of them wait for consent. */
export function toastDone(resource: string, text: string, { changed, proposed = 0, bulk_id }: BulkAnswer): void {
  const waiting = proposed > 0 ? translate('bulk.proposed', { count: proposed }) : null;
  const said = changed > 0 || !waiting ? [text, waiting] : [waiting];
  toastWithUndo(resource, said.filter(Boolean).join(translate('comma')), bulk_id);
}

/** @returns whether it was taken back; where not, it was said why */
export function undoBulk(resource: string, bulk_id: number): Promise<boolean> {
  return telling(resource, async () => {
    const { changed } = await postJson<BulkAnswer>(`${base(resource)}/_bulk/${bulk_id}/_undo`);
    return translate('bulk.undone', { count: changed });
  });
}

export function toastWithRestore(resource: string, text: string, id: number): void {
  const run = async () => {
    await telling(resource, async () => {
      const [entry] = await getJson<TrashEntry[]>(`${base(resource)}/_trash?record_id=${id}`);
      if (!entry) return translate('trash.gone');
      const { status } = await send('POST', `${base(resource)}/_trash/${entry.entry}/_restore`, { body: {} });
      if (status === 202) return translate('propose.done');
      return translate('trash.restored', { title: entry.title });
    });
  };
  showToast({ text, action: { label: translate('bulk.undo'), run } });
}

/** Does it, says what came of it, and lets every list read itself again. */
async function telling(resource: string, work: () => Promise<string>): Promise<boolean> {
  noteOwnChanges(resource);
  try {
    showToast({ text: await work() });
    noteOwnChanges(resource);
    await refreshRecords();
    return true;
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    showToast({ text: sayFailure(error), tone: 'bad' });
    return false;
  }
}

/** Whatever was read of records may have changed; the definitions have not. */
export function refreshRecords(): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => queryKey !== META_KEY && queryKey[1] !== 'meta',
  });
}

/** The server's sentence, and what it says about fields or records. */
export function sayFailure(error: HttpFailure): string {
  if (error.statusCode === 0) return translate('error.offline');
  const fields = Object.values(error.errors ?? {}).map((each) => each.message);
  const rows = (error.rows ?? []).slice(0, 3).map(({ title, errors }) => {
    const why = Object.values(errors).map((each) => each.message);
    return `${title}${translate('colon')}${why.join(' ')}`;
  });
  return [error.message, ...fields, ...rows].join(' ');
}
