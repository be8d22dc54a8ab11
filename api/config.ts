/** What the environment says, read once at start. A bad value stops the start with one sentence. */
import { resolve } from 'node:path';
import type { Limit } from './rate-limit/bucket.ts';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** 0 lets the system choose a free one. */
  port: number;
  host: string;
  /** Login of the owner; null: the embedded database under `data_dir`. */
  database_url: string | null;
  /** Login of the API; null: `<owner>_app`, made by the owner. */
  app_database_url: string | null;
  /** Login of reports, perhaps on a replica; null: `<owner>_report`, made by the owner. */
  report_database_url: string | null;
  data_dir: string;
  log_level: LogLevel;
  /** Load the demo programme and its people into an empty database. */
  demo: boolean;
  /** The database is migrated by somebody else; this process only looks whether it fits. */
  no_migrate: boolean;
  /** Session cookies are marked Secure: the console is reached over https. */
  secure_cookies: boolean;
  /** A proxy stands in front and its X-Forwarded-For is believed (for the limit of wrong sign-ins per address). */
  trust_proxy: boolean;
  /** Run the jobs in this process; off when `pnpm worker` runs beside it. */
  jobs: boolean;
  /** The largest file that may be uploaded for import, in megabytes; unpacked it may be ten times that. */
  import_max_mb: number;
  /** Where people reach the console, e.g. "https://loyalty.example.com"; null: what the request says. */
  public_url: string | null;
  /** Locks the passwords and signing secrets in the database; null: a file under `data_dir`, made at the first need. */
  secret_key: string | null;
  /** Webhooks may go to private networks and this machine, and by plain http. */
  private_webhooks: boolean;
  /** Signing in through an identity provider; null: by password alone. */
  oidc: OidcConfig | null;
  /** How much one of each may ask; null: as much as it likes. */
  limits: {
    /** Requests without a valid sign-in, by network address. */
    address: Limit | null;
    user: Limit | null;
    token: Limit | null;
    /** Wrong passwords, by network address. */
    sign_in: Limit | null;
    /** Batches of clicks, by visit. */
    visit: Limit | null;
    /** Batches of clicks, by network address: many people may stand behind one. */
    collect: Limit | null;
  };
}

export interface OidcConfig {
  issuer: string;
  client_id: string;
  /** Null: a public client. */
  client_secret: string | null;
  /** Said on the button. */
  label: string;
  /** E-mail domains that are let in; empty: all. */
  domains: string[];
  /** The claim that tells roles, with dots into objects. */
  role_claim: string;
  /** Value of the claim and the role it stands for; null: roles are given in the console. */
  roles: [claim: string, role: string][] | null;
  /** Somebody unknown gets an account. */
  auto_create: boolean;
  /** Its role, where the claim tells none. */
  default_role: string;
}

/** A start that cannot go on for a reason the operator can mend; shown as one sentence without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}

/** @throws StartError naming the variable, its value and what is allowed. */
export function readConfig(env: { [name: string]: string | undefined }): Config {
  const database_url = url(env, 'DATABASE_URL');
  const app_database_url = url(env, 'APP_DATABASE_URL');
  const report_database_url = url(env, 'REPORT_DATABASE_URL');
  if (!database_url && (app_database_url || report_database_url)) {
    throw new StartError(
      `${app_database_url ? 'APP' : 'REPORT'}_DATABASE_URL is set but DATABASE_URL is not: the embedded database makes its own logins.`,
    );
  }
  return {
    port: port(env, 'PORT', 8080),
    host: text(env, 'HOST') ?? '127.0.0.1',
    database_url,
    app_database_url,
    report_database_url,
    data_dir: resolve(text(env, 'DATA_DIR') ?? resolve(import.meta.dirname, '..', '.data')),
    log_level: oneOf(env, 'LOG_LEVEL', LOG_LEVELS, 'info'),
    demo: flag(env, 'DEMO', database_url === null),
    no_migrate: flag(env, 'NO_MIGRATE', false),
    secure_cookies: flag(env, 'SECURE_COOKIES', false),
    trust_proxy: flag(env, 'TRUST_PROXY', false),
    jobs: flag(env, 'JOBS', true),
    import_max_mb: megabytes(env, 'IMPORT_MAX_MB', 512),
    public_url: publicUrl(env),
    secret_key: secretKey(env),
    private_webhooks: flag(env, 'PRIVATE_WEBHOOKS', false),
    oidc: oidc(env),
    limits: {
      address: limit(env, 'LIMIT_ADDRESS', { burst: 600, per_minute: 300 }),
      user: limit(env, 'LIMIT_USER', { burst: 600, per_minute: 1200 }),
      token: limit(env, 'LIMIT_TOKEN', { burst: 600, per_minute: 1200 }),
      sign_in: limit(env, 'LIMIT_SIGN_IN', { burst: 60, per_minute: 6 }),
      visit: limit(env, 'LIMIT_VISIT', { burst: 30, per_minute: 60 }),
      collect: limit(env, 'LIMIT_COLLECT', { burst: 3000, per_minute: 3000 }),
    },
  };
}

function text(env: { [name: string]: string | undefined }, name: string): string | null {
  const value = env[name]?.trim();
  return value ? value : null;
}

function port(env: { [name: string]: string | undefined }, name: string, otherwise: number): number {
  const value = text(env, name);
  if (value === null) return otherwise;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new StartError(`${name}=${value} is not a port: give a number from 0 to 65535.`);
  }
  return Number(value);
}

function megabytes(env: { [name: string]: string | undefined }, name: string, otherwise: number): number {
  const value = text(env, name);
  if (value === null) return otherwise;
  if (!/^\d{1,6}$/.test(value) || Number(value) < 1) {
    throw new StartError(`${name}=${value} is not a size: give megabytes as a whole number from 1.`);
  }
  return Number(value);
}

function publicUrl(env: { [name: string]: string | undefined }): string | null {
  const value = text(env, 'PUBLIC_URL');
  if (value === null) return null;
  if (!/^https?:\/\/[^/?#@\s]+\/?$/.test(value)) {
    throw new StartError(`PUBLIC_URL=${value} is not an address like https://loyalty.example.com, without a path.`);
  }
  return value.replace(/\/$/, '');
}

function secretKey(env: { [name: string]: string | undefined }): string | null {
  const value = text(env, 'SECRET_KEY');
  // The sentence does not repeat it.
  if (value !== null && value.length < 32) throw new StartError('SECRET_KEY is too short: give 32 characters or more.');
  return value;
}

function oidc(env: { [name: string]: string | undefined }): OidcConfig | null {
  const issuer = text(env, 'OIDC_ISSUER');
  if (issuer === null) return null;
  if (!URL.canParse(issuer)) throw new StartError(`OIDC_ISSUER=${issuer} is not an address.`);
  const { protocol, hostname, host } = new URL(issuer);
  const here = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && here)) {
    throw new StartError(`OIDC_ISSUER=${issuer} must begin with https://.`);
  }
  const client_id = text(env, 'OIDC_CLIENT_ID');
  if (client_id === null) throw new StartError('OIDC_ISSUER is set but OIDC_CLIENT_ID is not.');
  const default_role = text(env, 'OIDC_DEFAULT_ROLE') ?? 'viewer';
  return {
    issuer,
    client_id,
    client_secret: text(env, 'OIDC_CLIENT_SECRET'),
    label: text(env, 'OIDC_LABEL') ?? host,
    domains: list(env, 'OIDC_DOMAINS').map((each) => each.toLowerCase().replace(/^@/, '')),
    role_claim: text(env, 'OIDC_ROLE_CLAIM') ?? 'roles',
    roles: text(env, 'OIDC_ROLES') === null ? null : list(env, 'OIDC_ROLES').map(rolePair),
    auto_create: flag(env, 'OIDC_AUTO_CREATE', false),
    default_role,
  };
}

function rolePair(text: string): [string, string] {
  const at = text.lastIndexOf('=');
  const role = text.slice(at + 1).trim();
  if (at < 1 || !/^[a-z][a-z0-9_]*$/.test(role)) {
    throw new StartError(`OIDC_ROLES: "${text}" is not "value of the claim=role", such as "crm-admins=administrator".`);
  }
  return [text.slice(0, at).trim(), role];
}

function list(env: { [name: string]: string | undefined }, name: string): string[] {
  return (text(env, name) ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
}

/** "600/1200": 600 at once, refilled by 1200 a minute; "0": no limit. */
function limit(env: { [name: string]: string | undefined }, name: string, otherwise: Limit): Limit | null {
  const value = text(env, name);
  if (value === null) return otherwise;
  if (value === '0') return null;
  const [, burst, per_minute] = /^([1-9]\d{0,7})\/([1-9]\d{0,7})$/.exec(value) ?? [];
  if (!burst || !per_minute) {
    throw new StartError(`${name}=${value} is no limit: give "burst/per minute", such as 600/1200, or 0 for none.`);
  }
  return { burst: Number(burst), per_minute: Number(per_minute) };
}

function flag(env: { [name: string]: string | undefined }, name: string, otherwise: boolean): boolean {
  const value = text(env, name)?.toLowerCase();
  if (value === undefined) return otherwise;
  if (['1', 'true', 'yes', 'on'].includes(value)) return true;
  if (['0', 'false', 'no', 'off'].includes(value)) return false;
  throw new StartError(`${name}=${value} is neither yes nor no: give 1 or 0.`);
}

function oneOf<const T extends string>(
  env: { [name: string]: string | undefined },
  name: string,
  allowed: readonly T[],
  otherwise: T,
): T {
  const value = text(env, name);
  if (value === null) return otherwise;
  const found = allowed.find((each) => each === value.toLowerCase());
  if (!found) throw new StartError(`${name}=${value} is unknown: give one of ${allowed.join(', ')}.`);
  return found;
}

function url(env: { [name: string]: string | undefined }, name: string): string | null {
  const value = text(env, name);
  if (value === null) return null;
  // The value may carry a password, so the sentence does not repeat it.
  const wrong = new StartError(`${name} is not an address like postgres://user:password@host:5432/database.`);
  if (!URL.canParse(value)) throw wrong;
  const parsed = new URL(value);
  if (!['postgres:', 'postgresql:'].includes(parsed.protocol)) throw wrong;
  if (parsed.pathname.length < 2) throw new StartError(`${name} names no database: end it with /database.`);
  if (!parsed.username) throw new StartError(`${name} names no user: write it as postgres://user@host/database.`);
  return value;
}
