/** A file of many rows on its way from the server: how far it is, and stopped when nobody wants it any more. */
import type { ApiError } from '../../api/contract.ts';
import { currentLang } from '../i18n/lang.ts';
import { HttpFailure } from '../refine/http.ts';

export interface Progress {
  /** Rows of the whole file, as the server counted them. */
  rows: number;
  bytes: number;
  /** Rows that are here already; null where the bytes do not tell. */
  here: number | null;
}

/** Saves the file under the name the server gives it. @throws HttpFailure, or the signal's reason when it was stopped */
export async function downloadFile(
  path: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress(progress: Progress): void },
): Promise<Progress> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { 'accept-language': currentLang() }, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new HttpFailure(0, { key: 'offline' }, null);
  }
  if (!response.ok || !response.body) {
    const body = (await response.json().catch(() => ({}))) as Partial<ApiError>;
    throw new HttpFailure(response.status, body, null);
  }
  const type = response.headers.get('content-type') ?? '';
  const counted = type.startsWith('text/');
  const progress: Progress = {
    rows: Number(response.headers.get('x-total-count') ?? 0),
    bytes: 0,
    here: counted ? 0 : null,
  };
  const parts: Blob[] = [];
  let told = 0;
  try {
    for await (const chunk of readable(response.body)) {
      // The browser keeps a blob on disk where it is large.
      parts.push(new Blob([chunk]));
      progress.bytes += chunk.length;
      // A text may hold line ends of its own, so this can run ahead, never past the end.
      if (counted) progress.here = Math.min(progress.rows, (progress.here ?? 0) + lineEnds(chunk));
      if (performance.now() - told < 100) continue;
      told = performance.now();
      onProgress({ ...progress });
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new HttpFailure(0, { key: 'offline' }, null);
  }
  save(new Blob(parts, { type }), nameOf(response.headers.get('content-disposition')));
  return progress;
}

async function* readable(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function lineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function nameOf(disposition: string | null): string {
  const named = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? '')?.[1];
  return named ? decodeURIComponent(named).replaceAll('/', '-') : 'export';
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
