/**
 * The one place the admin calls fetch. Speaks the caller's language, reads ApiError, and takes over requests that
 * early.ts started before the application was up.
 */
import type { ApiError, FieldError, Row } from '../../api/contract.ts';
import type { EarlyAnswer } from '../early.ts';
import { currentLang } from '../i18n/lang.ts';

export interface Answer {
  status: number;
  headers: { get(name: string): string | null };
  body: unknown;
}

/** What every failed request throws; the shape Refine expects of an HttpError, with our own fields beside it. */
export class HttpFailure extends Error {
  [key: string]: unknown;
  readonly statusCode: number;
  readonly key: string;
  readonly errors: { [field: string]: FieldError } | undefined;
  /** 412: the record as it is now. */
  readonly record: Row | undefined;
  /** Of many records: what is wrong with which. */
  readonly rows: ApiError['rows'];
  readonly etag: string | null;
  readonly request_id: string | undefined;

  constructor(status: number, body: Partial<ApiError>, etag: string | null) {
    super(body.message ?? `HTTP ${status}`);
    this.name = 'HttpFailure';
    this.statusCode = status;
    this.key = body.key ?? 'http';
    this.errors = body.errors;
    this.record = body.record;
    this.rows = body.rows;
    this.etag = etag;
    this.request_id = body.request_id;
  }
}

export interface SendOptions {
  body?: unknown;
  /** Sent as it is, e.g. a file; `body` is ignored then. */
  raw?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Sent even when the page is left meanwhile. */
  keepalive?: boolean;
}

/**
 * @param path from the root, e.g. "/api/tiers?_start=0"
 * @throws HttpFailure for any answer outside 2xx; status 0 when there was no answer at all.
 */
export async function send(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
  const early = method === 'GET' ? takeEarly(path) : undefined;
  if (method !== 'GET') forgetAhead();
  if (early) {
    const answer = await early;
    if (answer) return check(answer.status, answer.headers, answer.body);
  }
  const headers: Record<string, string> = { 'accept-language': currentLang(), ...options.headers };
  let body = options.raw;
  if (body === undefined && options.body !== undefined) {
    headers['content-type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(path, { method, headers, body, signal: options.signal, keepalive: options.keepalive });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new HttpFailure(0, { key: 'offline' }, null);
  }
  const type = response.headers.get('content-type') ?? '';
  const text = response.status === 204 ? '' : await response.text();
  return check(response.status, response.headers, type.includes('json') && text ? JSON.parse(text) : text);
}

export const getJson = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await send('GET', path, { signal })).body as T;

export const postJson = async <T>(path: string, body?: unknown): Promise<T> =>
  (await send('POST', path, { body: body ?? {} })).body as T;

function check(status: number, headers: Answer['headers'], body: unknown): Answer {
  if (status >= 200 && status < 300) return { status, headers, body };
  const error = typeof body === 'object' && body !== null ? (body as Partial<ApiError>) : {};
  throw new HttpFailure(status, error, headers.get('etag'));
}

/** What was asked ahead is used once, and only so long. */
const AHEAD_MS = 3_000;
const ahead = new Map<string, { answer: Promise<EarlyAnswer | null>; until: number }>();

let wrote_at = 0;

/** When this page last sent anything but a question (Date.now()): what it read before may have changed by it. */
export const lastWrite = (): number => wrote_at;

function forgetAhead(): void {
  wrote_at = Date.now();
  ahead.clear();
}

/** Sends a GET whose answer the next `send` of the same path takes over. */
export function askAhead(path: string): void {
  const now = performance.now();
  for (const [other, { until }] of ahead) if (until < now) ahead.delete(other);
  if (ahead.has(path)) return;
  const answer = fetch(path, { headers: { 'accept-language': currentLang() } })
    .then(async (response): Promise<EarlyAnswer | null> => {
      // A refusal is asked for again and told where it belongs.
      if (!response.ok) return null;
      return { status: response.status, headers: response.headers, body: await response.json() };
    })
    .catch(() => null);
  ahead.set(path, { answer, until: now + AHEAD_MS });
}

/** An early request is used once; whoever asks again gets a fresh answer. */
function takeEarly(path: string): Promise<EarlyAnswer | null> | undefined {
  const asked = ahead.get(path);
  ahead.delete(path);
  if (asked && asked.until > performance.now()) return asked.answer;
  const early = globalThis.window?.evergreenEarly;
  const answer = early?.get(path);
  if (answer) early?.delete(path);
  return answer;
}
