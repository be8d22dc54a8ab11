/** The body of a write: a JSON object of bounded size and depth, without what Postgres cannot hold. */
import type { Context } from 'hono';
import type { Env } from './context.ts';
import type { Row } from './contract.ts';
import { problem } from './errors.ts';

/** Forms stay far below; files have their own way in. */
const BODY_MAX = 1024 * 1024;
const DEPTH_MAX = 30;
/** A megabyte at the speed of a bad telephone line. */
const BODY_MS = 30_000;

/**
 * @param optional an empty body is an empty object
 * @param max bytes
 * @param plain as of readJson
 * @throws Problem 408, 413, 415, or 400 for anything that is no JSON object
 */
export async function readObject(
  c: Context<Env>,
  { optional = false, max = BODY_MAX, plain = false } = {},
): Promise<Row> {
  const body = await readJson(c, { optional, max, plain });
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw problem(400, 'body_not_an_object');
  return body as Row;
}

/**
 * Any JSON.
 * @param max bytes
 * @param plain also as text/plain, which is what a page that is closed can send
 * @throws Problem 408, 413, 415, 400
 */
export async function readJson(
  c: Context<Env>,
  { optional = false, max = BODY_MAX, plain = false } = {},
): Promise<unknown> {
  const text = await readText(c, max);
  if (optional && text === '') return {};
  const type = c.req.header('content-type') ?? '';
  const fits = /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type) || (plain && /^text\/plain\s*(;|$)/i.test(type));
  if (!fits) throw problem(415, 'needs_json');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw problem(400, 'body_not_json');
  }
  if (typeof body === 'object' && body !== null) checkTree(body);
  return body;
}

async function readText(c: Context<Env>, max: number): Promise<string> {
  const announced = Number(c.req.header('content-length') ?? 0);
  if (announced > max) throw problem(413, 'body_too_large');
  // A length was announced, so Node stops there; without one (chunked) the pieces are counted as they come.
  if (c.req.header('content-length') !== undefined) return inTime(c, c.req.text());
  return inTime(c, readChunks(c, max));
}

/** Who sends a body drop by drop holds a connection and memory for nothing. @throws Problem 408 */
async function inTime<T>(c: Context<Env>, reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => {
      c.header('connection', 'close');
      refuse(problem(408, 'too_slow'));
    }, BODY_MS);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function readChunks(c: Context<Env>, max: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.byteLength;
    if (size > max) throw problem(413, 'body_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Without recursion, so that a hostile depth cannot overflow the stack. */
function checkTree(body: object): void {
  const open: { value: unknown; depth: number }[] = [{ value: body, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') checkText(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEPTH_MAX) throw problem(400, 'body_too_deep');
    for (const [key, part] of Object.entries(value)) {
      checkText(key);
      if (key === '__proto__') throw problem(400, 'bad_characters');
      open.push({ value: part, depth: depth + 1 });
    }
  }
}

function checkText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw problem(400, 'bad_characters');
}
