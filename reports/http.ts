/** Asking the reports API from a page, with what goes wrong as a sentence. */
import { useEffect, useState } from 'react';
import type { ApiError, Lang } from '../api/contract.ts';

export class RequestFailure extends Error {
  readonly status: number;
  /** What the server said, where it said something. */
  readonly body: ApiError | null;
  constructor(status: number, message: string, body: ApiError | null = null) {
    super(message);
    this.name = 'RequestFailure';
    this.status = status;
    this.body = body;
  }
}

export async function getJson<T>(url: string, lang: Lang, signal?: AbortSignal): Promise<T> {
  const answer = await send(url, lang, signal);
  return (await answer.json()) as T;
}

/** @returns the JSON of the answer, null where there is none. @throws RequestFailure */
export async function sendJson<T>(method: 'POST' | 'PUT', url: string, body: unknown, lang: Lang): Promise<T> {
  const answer = await send(url, lang, undefined, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (answer.status === 204 ? null : await answer.json()) as T;
}

export async function send(url: string, lang: Lang, signal?: AbortSignal, given: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(spoken(url, lang), {
      ...given,
      headers: { ...given.headers, 'accept-language': lang },
      credentials: 'same-origin',
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestFailure(0, lang === 'zh' ? '连不上服务器，请检查网络' : 'The server cannot be reached');
  }
  if (answer.ok) return answer;
  const body = (await answer.json().catch(() => null)) as ApiError | null;
  throw new RequestFailure(answer.status, faultOf(body) ?? `HTTP ${answer.status}`, body);
}

/** The fields at fault say more than the sentence over them. */
function faultOf(body: ApiError | null): string | undefined {
  const [first] = Object.values(body?.errors ?? {});
  return first?.message ?? body?.message;
}

/** The language of the page, which a person may have switched a moment ago, counts before the account's. */
function spoken(url: string, lang: Lang): string {
  return `${url}${url.includes('?') ? '&' : '?'}_lang=${lang}`;
}

export interface Loaded<T> {
  data: T | null;
  error: RequestFailure | null;
  loading: boolean;
}

/**
 * The JSON at an address, asked again when the address or `version` changes. While asking again for the same `owner`
 * the answer before stays; another owner starts empty, so that one report never shows under the name of another.
 */
export function useJson<T>(
  url: string | null,
  { lang, version = 0, owner = '' }: { lang: Lang; version?: number; owner?: string },
): Loaded<T> {
  const [state, setState] = useState<Loaded<T> & { owner: string }>({ data: null, error: null, loading: true, owner });
  // biome-ignore lint/correctness/useExhaustiveDependencies: version asks again.
  useEffect(() => {
    if (url === null) return;
    const abort = new AbortController();
    setState((before) => ({ data: before.owner === owner ? before.data : null, error: null, loading: true, owner }));
    getJson<T>(url, lang, abort.signal).then(
      (data) => setState({ data, error: null, loading: false, owner }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const failure = error instanceof RequestFailure ? error : new RequestFailure(0, String(error));
        setState((before) => ({ ...before, error: failure, loading: false }));
      },
    );
    return () => abort.abort();
  }, [url, lang, version, owner]);
  return state.owner === owner ? state : { data: null, error: null, loading: true };
}
