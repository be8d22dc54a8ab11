/**
 * The only way a report's text reaches the database: report login, read-only transaction that is always rolled back,
 * statement timeout, a second timer that cancels from outside (a statement that lifted its own timeout still ends),
 * extended protocol (no second statement). Values come back in the wire types of contract.ts.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Json } from '../contract.ts';
import { driverTypes } from '../storage/driver-types.ts';
import { exchange, type Rows } from './exchange.ts';

export interface ReportQuery {
  text: string;
  values: readonly Json[];
  timeout_ms: number;
  /** Dates cut from times are the programme's days. */
  time_zone: string;
  /** The connection keeps the statement: where reading and planning it weighs more than running it. */
  keep?: boolean;
}
export interface ReportAnswer extends Rows {
  /** Milliseconds in the database and on the way. */
  took_ms: number;
}

/** How much later than the statement timeout the second timer fires, and how long it then waits before it hangs up. */
const GRACE_MS = 500;
/** Statements kept on a connection; beyond it the connection is closed, which is what forgets them. */
const KEPT_MAX = 200;
/** A view was rebuilt under a kept statement. */
const STALE = '0A000';
const kept = new WeakMap<pg.PoolClient, Set<string>>();
/** By the statement's text. */
const keptNames = new Map<string, string>();

/** @throws the database's error; code 57014 when the time was up. */
export async function askReport(pool: pg.Pool, query: ReportQuery): Promise<ReportAnswer> {
  const client = await pool.connect();
  const guard = startGuard(client, query.timeout_ms + GRACE_MS);
  const started = performance.now();
  const name = query.keep ? keptName(query.text) : '';
  const names = namesOf(client);
  const known = names.has(name);
  const { text, values } = query;
  let failed = false;
  let stale = false;
  try {
    const asked = { opening: opening(query), text, name, known, values, types: reportTypes };
    const answer = await exchange(client, asked, () => name && names.add(name));
    return { ...answer, took_ms: performance.now() - started };
  } catch (error) {
    failed = true;
    if (guard.hung_up()) {
      throw Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014', cause: error });
    }
    stale = known && (error as { code?: string }).code === STALE;
    if (!stale) throw error;
  } finally {
    guard.stop();
    // Whether the server kept a statement that failed before it was described is not known.
    const doubtful = name !== '' && !names.has(name);
    if (!guard.hung_up()) void giveBack(client, { failed, broken: stale || doubtful || guard.fired() });
  }
  return askReport(pool, { ...query, keep: false });
}

/**
 * Whatever the statement set for its session is undone with its transaction; a connection that cannot roll back is thrown
 * away, and so is one with a cancel on its way, which could hit the next statement. Nobody waits for it.
 */
async function giveBack(
  client: pg.PoolClient,
  { failed, broken }: { failed: boolean; broken: boolean },
): Promise<void> {
  const closed =
    !failed ||
    (await client.query('rollback').then(
      () => true,
      () => false,
    ));
  client.release(broken || !closed || namesOf(client).size > KEPT_MAX);
}

/** The names under which the server keeps statements for this connection. */
function namesOf(client: pg.PoolClient): Set<string> {
  const found = kept.get(client);
  if (found) return found;
  const names = new Set<string>();
  kept.set(client, names);
  return names;
}

function keptName(text: string): string {
  let name = keptNames.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 24);
    if (keptNames.size >= KEPT_MAX) keptNames.clear();
    keptNames.set(text, name);
  }
  return name;
}

function opening({ timeout_ms, time_zone }: ReportQuery): string[] {
  return [
    'begin read only',
    `set local statement_timeout = ${Math.ceil(timeout_ms)}`,
    `set local timezone = ${pg.escapeLiteral(time_zone)}`,
  ];
}

interface Guard {
  stop(): void;
  /** A cancel was sent. */
  fired(): boolean;
  /** The connection was given up. */
  hung_up(): boolean;
}

function startGuard(client: pg.PoolClient, after_ms: number): Guard {
  let done = false;
  let fired = false;
  let hung = false;
  let last: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    fired = true;
    cancel(client);
    last = setTimeout(() => {
      if (done) return;
      hung = true;
      client.release(true);
    }, GRACE_MS);
  }, after_ms);
  return {
    stop: () => {
      done = true;
      clearTimeout(first);
      clearTimeout(last);
    },
    fired: () => fired,
    hung_up: () => hung,
  };
}

/** A cancel request: a connection of its own that carries nothing but the number and key of the one to interrupt. */
function cancel(client: pg.PoolClient): void {
  const { host, port, ssl, processID, secretKey } = client as unknown as Backend;
  const connection = new pg.Connection({ ssl } as pg.ConnectionConfig) as unknown as CancelConnection;
  const send = () => connection.cancel(processID, secretKey);
  connection.on(ssl ? 'sslconnect' : 'connect', send);
  connection.on('error', () => {});
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
}

/** What pg keeps about a connection and does not type. */
interface Backend {
  host: string;
  port: number;
  ssl: boolean | object;
  processID: number;
  secretKey: number;
}
interface CancelConnection {
  connect(port: number | string, host?: string): void;
  cancel(process_id: number, secret_key: number): void;
  on(event: string, listener: () => void): void;
}

const TIMESTAMPTZ = 1184;
const FLOATS = [700, 701];

/** As everywhere, but the session runs in the programme's zone: times are brought to UTC. Floats that are no number are null. */
const reportTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === TIMESTAMPTZ) return parseZonedTime;
    if (FLOATS.includes(oid)) return parseFloatOrNull;
    return driverTypes.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;

/** "2026-03-01 16:00:00.5+08" -> "2026-03-01T08:00:00.500Z" */
function parseZonedTime(text: string): string {
  const zoned = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

function parseFloatOrNull(text: string): number | null {
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}
