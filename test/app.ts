/** The application over a test database, asked without a socket by real people with real sessions. */
import type { Hono } from 'hono';
import { pino } from 'pino';
import { createApp } from '../api/app.ts';
import type { Deps, Env } from '../api/context.ts';
import { type Resource, ROLES, type Role } from '../api/contract.ts';
import { loadResources } from '../api/definitions.ts';
import { withDefinitions } from '../api/live-definitions.ts';
import { openSession, SESSION_COOKIE } from '../api/sign-in/sessions.ts';
import type { TestDatabase } from './database.ts';

/** `pii`: an operator who sees personal data. */
export type Person = Role | 'pii';
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: { [name: string]: string },
) => Promise<Response>;

export interface TestApp {
  app: Hono<Env>;
  deps: Deps;
  /** Asks as that person, in English. A string or bytes as the body go as they are; anything else as JSON. */
  as(person: Person): Ask;
  /** Asks signed out. */
  anyone: Ask;
  id(person: Person): number;
  cookie(person: Person): string;
}

/** @param options.resources instead of those of api/resources; overlays: a folder instead of api/overlays; people: those of another application */
export async function testApp(
  t: TestDatabase,
  options: { resources?: ReadonlyMap<string, Resource>; overlays?: string; people?: TestApp } = {},
): Promise<TestApp> {
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
  const deps = await withDefinitions(
    { config: t.config, db: t.db, pool: t.pool, report: t.report, log },
    options.resources ?? (await loadResources()),
    options.overlays,
  );
  const app = createApp(deps);
  const people = new Map<Person, { id: number; cookie: string }>();
  for (const person of [...ROLES, 'pii'] as const) {
    const known = options.people && { id: options.people.id(person), cookie: options.people.cookie(person) };
    people.set(person, known ?? (await addPerson(t, person)));
  }

  const asker =
    (cookie: string | null): Ask =>
    async (method, path, body, headers = {}) => {
      const plain = typeof body === 'string' || body instanceof Uint8Array || body === undefined;
      return app.request(path, {
        method,
        body: plain ? (body as string | undefined) : JSON.stringify(body),
        headers: {
          'accept-language': 'en',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(cookie ? { cookie } : {}),
          ...headers,
        },
      });
    };
  return {
    app,
    deps,
    as: (person) => asker(people.get(person)!.cookie),
    anyone: asker(null),
    id: (person) => people.get(person)!.id,
    cookie: (person) => people.get(person)!.cookie,
  };
}

async function addPerson(t: TestDatabase, person: Person): Promise<{ id: number; cookie: string }> {
  // No hash anybody could have typed: these people cannot sign in, their sessions are simply there.
  const password_hash = `none ${person}`;
  const role: Role = person === 'pii' ? 'operator' : person;
  const { id } = await t.db
    .insertInto('app.users')
    .values({
      email: `${person}@test.example`,
      name: `Test ${person}`,
      roles: [role],
      pii: person === 'pii' || role === 'administrator',
      password_hash,
      lang: 'en',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const token = await openSession(t.db, { user_id: id, password_hash, user_agent: null, ip: null });
  return { id, cookie: `${SESSION_COOKIE}=${token}` };
}
