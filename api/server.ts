/** Starts the product: configuration, database, checks, HTTP, jobs; and stops it in the opposite order. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import type { Deps } from './context.ts';
import { openDatabases } from './database.ts';
import { loadResources } from './definitions.ts';
import { startEngine } from './engine/loop.ts';
import { heedChanges } from './heed-changes.ts';
import { withDefinitions } from './live-definitions.ts';
import { startSender } from './outbox/loop.ts';
import { closePress } from './paper/print.ts';
import { checkDefinitions } from './records/check-definitions.ts';
import { reportStore, warmReports } from './report/store.ts';
import { endEvents } from './routes/events.ts';
import { startScheduler } from './scheduler.ts';
import { addDemoUsers, DEMO_PASSWORD, DEMO_USERS } from './sign-in/demo-users.ts';
import { firstAdministratorLink } from './sign-in/first-administrator.ts';
import { listenAt } from './start/address.ts';
import { openLog } from './start/log.ts';
import { staticFiles } from './static-files.ts';
import { readColumns, readLetterTables } from './storage/columns.ts';

const ADMIN = join(import.meta.dirname, '..', 'admin', 'dist');

/** Said with every answer. Scripts come from here alone; antd writes its styles into the page. */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  [
    'content-security-policy',
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  ],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'same-origin'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=()'],
];

/** Headers come at once, an upload takes minutes; who is slower is told 408 and cut off. Looked at every few seconds. */
const TIMES = { headersTimeout: 15_000, requestTimeout: 300_000, connectionsCheckingInterval: 5_000 };

export interface Running {
  /** Where it listens, e.g. "http://127.0.0.1:8080". */
  address: string;
  deps: Deps;
  /** Lets requests under way finish, then closes everything. */
  stop(): Promise<void>;
}

/** @throws StartError with one sentence when it cannot start; nothing is left running then */
export async function startServer(
  config: Config,
  { say = console.log }: { say?: (line: string) => void } = {},
): Promise<Running> {
  const log = openLog(config);
  const resources = await loadResources();
  const databases = await openDatabases(config, log);
  try {
    await checkDefinitions(resources, databases.db);
    const { db, pool, report } = databases;
    const deps = await withDefinitions({ config, db, pool, report, log }, resources);
    // Known before the first request: asked for inside a transaction it would take a second connection.
    await Promise.all([readColumns(db), readLetterTables(db)]);
    const deafen = heedChanges(deps);
    if (config.demo) await addDemoUsers(db);
    const server = await listen(deps);
    const scheduler = config.jobs ? await startScheduler(deps) : null;
    const engine = config.jobs ? startEngine(deps) : null;
    const sender = config.jobs ? startSender(deps) : null;
    const { port, family, address: host } = server.address() as AddressInfo;
    const address = `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
    say(`Evergreen 常青  ${address}`);
    await saySignIns(deps, address, say);
    void warmReports(deps);
    return {
      address,
      deps,
      stop: async () => {
        deafen();
        endEvents(deps);
        reportStore(deps).close();
        await closePress();
        await closeServer(server);
        await engine?.stop();
        await sender?.stop();
        await scheduler?.stop();
        await databases.close();
      },
    };
  } catch (error) {
    await databases.close();
    throw error;
  }
}

/**
 * The HTTP server over the application and the built admin, listening.
 * @param times how long a client may take, in milliseconds
 */
export async function listen(deps: Deps, times: typeof TIMES = TIMES): Promise<Server> {
  const app = createApp(deps);
  app.route('/', staticFiles(ADMIN));
  const answer = getRequestListener(app.fetch);
  const server = createServer(times, (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    return answer(request, response);
  });
  await listenAt(server, deps.config);
  return server;
}

/** Keep-alive connections without a request end at once, the others with their answer or after three seconds. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), 3_000);
  await closed;
  clearTimeout(late);
}

async function saySignIns(deps: Deps, address: string, say: (line: string) => void): Promise<void> {
  if (deps.config.demo) {
    const width = Math.max(...DEMO_USERS.map((each) => each.email.length));
    say(`Demo sign-ins, password ${DEMO_PASSWORD}:`);
    for (const { email, name, role } of DEMO_USERS)
      say(`  ${email.padEnd(width)}  ${role.padEnd(16)}  ${name.join(' ')}`);
    return;
  }
  const token = await firstAdministratorLink(deps);
  if (token)
    say(
      `Nobody administers this database yet. Set the first administrator's password within 24 hours at\n  ${address}/set-password?token=${token}`,
    );
}
