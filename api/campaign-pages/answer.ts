/** How a page travels: its headers, its tag, and compressed where the visitor takes that. */
import type { Context } from 'hono';
import { type CompressedText, compressText, sendText } from '../compressed-text.ts';
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

/** A page ready to be sent. */
export type ReadyPage = CompressedText;

export const readyPage = (page: Html): ReadyPage => compressText(page.text);

/** @param cache the Cache-Control of the answer */
export function sendReady(
  c: Context<Env>,
  page: ReadyPage,
  cache: string,
  more: { [name: string]: string } = {},
): Response {
  return sendText(c, page, { ...HEADERS, 'cache-control': cache, ...more });
}

/** What is made for one visitor and kept by nobody. */
export function sendOnce(page: Html, status = 200): Response {
  return new Response(page.text, {
    status,
    headers: { ...HEADERS, 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex' },
  });
}
