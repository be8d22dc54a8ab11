/** The server as it starts and stops, over a real socket. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SECURITY_HEADERS, startServer } from '../../api/server.ts';
import { staticFiles } from '../../api/static-files.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
const dist = mkdtempSync(join(tmpdir(), 'evergreen-dist-'));
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(async () => {
  rmSync(dist, { recursive: true, force: true });
  await t?.close();
});

const config = () => ({ ...t.config, port: 0, jobs: false, demo: false });

describe('the server', () => {
  test('answers on the address that it says, with the headers that protect a browser, and stops', async () => {
    const lines: string[] = [];
    const running = await startServer(config(), { say: (line) => lines.push(line) });
    expect(lines[0]).toContain(running.address);
    expect(lines.join('\n')).toMatch(/set-password/);
    const answer = await fetch(`${running.address}/api/tiers`);
    expect(answer.status).toBe(401);
    for (const [name, value] of SECURITY_HEADERS) expect(answer.headers.get(name)).toBe(value);
    await running.stop();
    await expect(fetch(`${running.address}/api/auth/state`)).rejects.toThrow();
  });

  test('says in one sentence that its port is taken, and leaves nothing open', async () => {
    const first = await startServer(config(), { say: () => {} });
    const port = Number(new URL(first.address).port);
    await expect(startServer({ ...config(), port }, { say: () => {} })).rejects.toThrow(
      /^Port \d+ of 127\.0\.0\.1 is taken/,
    );
    await first.stop();
  });

  test('does not wait for ever for somebody who listens', async () => {
    const running = await startServer(config(), { say: () => {} });
    const { hostname, port } = new URL(running.address);
    const { connect } = await import('node:net');
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write('GET /api/auth/state HTTP/1.1\r\nhost: x\r\n');
    // Whoever came later has been answered: the request that never ends is being waited for.
    expect((await fetch(`${running.address}/api/auth/state`)).status).toBe(200);
    await running.stop();
    await new Promise((done) => (socket.closed ? done(null) : socket.once('close', done)));
  });
});

describe('the built admin', () => {
  beforeAll(() => {
    mkdirSync(join(dist, 'assets'));
    writeFileSync(join(dist, 'index.html'), '<!doctype html><title>x</title>');
    writeFileSync(join(dist, 'assets', 'main-abc.js'), 'let a = 1');
    writeFileSync(join(dist, 'assets', 'main-abc.js.br'), 'brotli');
    writeFileSync(join(dist, 'assets', 'main-abc.js.gz'), 'gzip');
  });
  const ask = (path: string, headers: { [name: string]: string } = {}) => staticFiles(dist).request(path, { headers });

  test('keeps what carries a hash, and asks again for the page', async () => {
    const page = await ask('/');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const again = await ask('/', { 'if-none-match': page.headers.get('etag')! });
    expect(again.status).toBe(304);
    const script = await ask('/assets/main-abc.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  test('comes compressed as the browser likes it', async () => {
    const brotli = await ask('/assets/main-abc.js', { 'accept-encoding': 'gzip, deflate, br' });
    expect([brotli.headers.get('content-encoding'), await brotli.text()]).toEqual(['br', 'brotli']);
    const gzip = await ask('/assets/main-abc.js', { 'accept-encoding': 'gzip' });
    expect([gzip.headers.get('content-encoding'), await gzip.text()]).toEqual(['gzip', 'gzip']);
    expect((await ask('/assets/main-abc.js')).headers.get('content-encoding')).toBeNull();
  });

  test('answers every address of a screen, and nothing outside its folder', async () => {
    expect(await (await ask('/customers/17/edit')).text()).toContain('<title>x</title>');
    for (const path of [
      '/assets/gone.js',
      '/..%2f..%2fetc%2fpasswd.txt',
      '/%2e%2e/package.json',
      '/assets/main-abc.js.map',
    ]) {
      expect((await ask(path)).status, path).toBe(404);
    }
    expect((await staticFiles(join(dist, 'nothing')).request('/')).status).toBe(503);
  });
});
