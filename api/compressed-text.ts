/** A text that many are sent: compressed once, named by a tag, and told to be as it was where somebody has it already. */
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context } from 'hono';

/** In each encoding that is offered. */
export interface CompressedText {
  etag: string;
  plain: string;
  gzip: Uint8Array<ArrayBuffer>;
  br: Uint8Array<ArrayBuffer>;
}

/** @param quality 0..11: what is made often is pressed less */
export function compressText(plain: string, quality = 5): CompressedText {
  return {
    etag: `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    gzip: new Uint8Array(gzipSync(plain)),
    br: new Uint8Array(brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })),
  };
}

/** @param headers say under `vary` that the encoding depends on who asks */
export function sendText(c: Context, text: CompressedText, headers: { [name: string]: string }): Response {
  const tagged = { ...headers, etag: text.etag };
  const known = (c.req.header('if-none-match') ?? '').split(',').map((each) => each.trim());
  if (known.includes(text.etag)) return new Response(null, { status: 304, headers: tagged });
  const accepted = c.req.header('accept-encoding') ?? '';
  for (const encoding of ['br', 'gzip'] as const) {
    if (new RegExp(`\\b${encoding}\\b`).test(accepted))
      return new Response(text[encoding], { headers: { ...tagged, 'content-encoding': encoding } });
  }
  return new Response(text.plain, { headers: tagged });
}
