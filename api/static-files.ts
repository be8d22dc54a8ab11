/**
 * The built admin: files whose name carries a hash are kept by the browser for good, index.html is asked for again each
 * time and answers every address that is no file, so that a link to a screen works. Compressed twins lie beside the files.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { Hono } from 'hono';
import type { Env } from './context.ts';

interface StaticFile {
  path: string;
  type: string;
  etag: string;
  immutable: boolean;
  /** "br" and "gzip" where a twin exists. */
  encodings: { [encoding: string]: string };
}

const TYPES: { [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const TWINS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
const NOT_BUILT = '<!doctype html><meta charset="utf-8"><title>Evergreen</title><p>The admin is not built yet.</p>';

/** @param folder of the build; read when the first file is asked for, and again while it holds no index.html */
export function staticFiles(folder: string): Hono<Env> {
  const routes = new Hono<Env>();
  let files: ReadonlyMap<string, StaticFile> = new Map();

  routes.get('*', (c) => {
    if (!files.has('/index.html')) files = readFiles(folder);
    const path = decode(c.req.path);
    // What looks like a file and is none must not be answered with a page.
    const file = files.get(path) ?? (extname(path) ? undefined : files.get('/index.html'));
    if (!file) {
      return files.size > 0 ? c.text('Not found', 404) : c.html(NOT_BUILT, 503);
    }
    const headers: { [name: string]: string } = {
      'content-type': file.type,
      etag: file.etag,
      'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'Accept-Encoding',
    };
    if (c.req.header('if-none-match') === file.etag) return new Response(null, { status: 304, headers });
    const accepted = c.req.header('accept-encoding') ?? '';
    const twin = TWINS.find(([encoding]) => file.encodings[encoding] && new RegExp(`\\b${encoding}\\b`).test(accepted));
    if (twin) headers['content-encoding'] = twin[0];
    return new Response(new Uint8Array(readFileSync(twin ? file.encodings[twin[0]]! : file.path)), { headers });
  });

  return routes;
}

function readFiles(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  } catch {
    return files;
  }
  const all = new Set(names);
  for (const name of names.filter((each) => !/\.(br|gz)$/.test(each))) {
    const path = join(folder, name);
    const url = `/${name.split(sep).join('/')}`;
    const encodings = TWINS.filter(([, ending]) => all.has(name + ending)).map(([encoding, ending]) => [
      encoding,
      path + ending,
    ]);
    files.set(url, {
      path,
      type: TYPES[extname(name)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(readFileSync(path)).digest('base64url').slice(0, 22)}"`,
      immutable: url.startsWith('/assets/'),
      encodings: Object.fromEntries(encodings),
    });
  }
  return files;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
