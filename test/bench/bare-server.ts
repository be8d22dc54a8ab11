/** Builds the bare page and serves it as our server serves the admin: compressed, from the same machine; rows come from thin. */

import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

const TYPES: { [extension: string]: string } = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export async function serveBare(out: string, thin_port: number): Promise<{ address: string; close(): void }> {
  await build({
    root: join(import.meta.dirname, 'bare'),
    logLevel: 'error',
    build: { outDir: out, emptyOutDir: true },
  });
  const files = new Map<string, { type: string; body: Buffer }>();
  for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES[extname(path)];
    if (type) files.set(`/${path}`, { type, body: brotliCompressSync(readFileSync(join(out, path))) });
  }
  const server = createServer((asked, answer) => {
    const path = asked.url === '/' ? '/index.html' : (asked.url ?? '');
    const file = files.get(path);
    if (file) {
      answer.writeHead(200, { 'content-type': file.type, 'content-encoding': 'br' }).end(file.body);
    } else if (path.startsWith('/customers')) {
      request({ host: '127.0.0.1', port: thin_port, path }, (rows) => {
        answer.writeHead(rows.statusCode ?? 500, { 'content-type': 'application/json' });
        rows.pipe(answer);
      }).end();
    } else answer.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
