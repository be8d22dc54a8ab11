/** How a page travels: its headers, its tag, and compressed where the visitor takes that. */
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { Env } from '../context.ts';
import type { Html } from './html.ts';
import { STYLE_HASH } from './style.ts';

/** The console may show pages in a frame, to draw on them; nobody else may. */
const HEADERS: { [name: string]: string } = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    "script-src 'self'",
    "img-src 'self' https: data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; '),
  'x-frame-options': 'SAMEORIGIN',
  // A token in the address is nobody else's business; forms and beacons to this site still say where they come from.
  'referrer-policy': 'same-origin',
  vary: 'Accept-Language, Accept-Encoding',
};

/** A page ready to be sent, in each encoding. */
export interface ReadyPage {
  etag: string;
  plain: string;
  gzip: Uint8Array<ArrayBuffer>;
  br: Uint8Array<ArrayBuffer>;
}

export function readyPage(page: Html): ReadyPage {
  const plain = page.text;
  const br = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  return {
    etag: `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    gzip: new Uint8Array(gzipSync(plain)),
    br: new Uint8Array(br),
  };
}

/** @param cache the Cache-Control of the answer */
export function sendReady(
  c: Context<Env>,
  page: ReadyPage,
  cache: string,
  more: { [name: string]: string } = {},
): Response {
  const headers = { ...HEADERS, etag: page.etag, 'cache-control': cache, ...more };
  const known = (c.req.header('if-none-match') ?? '').split(',').map((each) => each.trim());
  if (known.includes(page.etag)) return new Response(null, { status: 304, headers });
  const accepted = c.req.header('accept-encoding') ?? '';
  for (const encoding of ['br', 'gzip'] as const) {
    if (new RegExp(`\\b${encoding}\\b`).test(accepted))
      return new Response(page[encoding], { headers: { ...headers, 'content-encoding': encoding } });
  }
  return new Response(page.plain, { headers });
}

/** What is made for one visitor and kept by nobody. */
export function sendOnce(page: Html, status = 200): Response {
  return new Response(page.text, {
    status,
    headers: { ...HEADERS, 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex' },
  });
}
