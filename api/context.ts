/** What every route and job is given: opened once by server.ts (or a test) and passed along. */
import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Lang, Resource, Role } from './contract.ts';
import type { Definitions } from './live-definitions.ts';
import type { DB } from './schema.ts';

export interface Deps {
  config: Config;
  /** The app login, through Kysely: everything that writes, and what is rare. */
  db: Kysely<DB>;
  /** The same login's pool, for named prepared statements whose body Postgres assembles. */
  pool: pg.Pool;
  /** The report login: reads schema `report` only. */
  report: pg.Pool;
  definitions: Definitions;
  /** Those in force now. Not to be kept beyond a request: staff change them on screens. */
  readonly resources: ReadonlyMap<string, Resource>;
  log: Logger;
}

/** Who asks. */
export interface Caller {
  id: number;
  name: string;
  email: string;
  roles: readonly Role[];
  /** The built-in roles they amount to, where something asks for those: reports, facts. The same as `roles` when absent. */
  stands_for?: readonly string[];
  /** May see personal data unmasked. */
  pii: boolean;
  lang: Lang;
  /** Set when a program asks in this person's name: it may do what both may. */
  token?: { id: number; name: string; scopes: readonly string[] };
}

/** Variables of the Hono context. `lang` follows the user, else Accept-Language, else zh. */
export interface Env {
  Variables: { user: Caller; lang: Lang; request_id: string };
}
