/**
 * Passwords of mail servers and secrets that sign webhooks. The database has them encrypted (AES-256-GCM, bound to the record
 * they belong to); the key is SECRET_KEY, or a file under DATA_DIR. They are read when something is sent, and by nothing else.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import type { Config } from '../config.ts';
import type { DB } from '../schema.ts';

export type Keeper = Pick<Config, 'secret_key' | 'data_dir'>;
/** Whose secret it is. */
export interface Owner {
  kind: 'message_adapters' | 'webhook_endpoints';
  record_id: number;
}

/** A new one, to be shown once. */
export const makeSecret = (): string => `egs_${randomBytes(32).toString('base64url')}`;

/**
 * Keeps the secret of a record. What it had before signs for `old_hours` more beside it; all but that one are forgotten.
 */
export async function keepSecret(
  db: Kysely<DB>,
  config: Keeper,
  { owner, secret, old_hours, user_id }: { owner: Owner; secret: string; old_hours: number; user_id: number },
): Promise<void> {
  const { kind, record_id } = owner;
  const own = db.deleteFrom('app.sealed_secrets').where('kind', '=', kind).where('record_id', '=', record_id);
  await own.where((row) => row.or([row('until_at', 'is not', null), row.val(old_hours === 0)])).execute();
  await db
    .updateTable('app.sealed_secrets')
    .set({ until_at: sql<string>`now() + make_interval(hours => ${old_hours}::integer)` })
    .where('kind', '=', kind)
    .where('record_id', '=', record_id)
    .execute();
  await db
    .insertInto('app.sealed_secrets')
    .values({ kind, record_id, sealed: seal(secret, owner, config), made_by: user_id })
    .execute();
}

/** The secrets that hold now, the newest first. @throws Error when the key is another than they were locked with */
export async function readSecrets(db: Kysely<DB>, config: Keeper, owner: Owner): Promise<string[]> {
  const rows = await db
    .selectFrom('app.sealed_secrets')
    .select('sealed')
    .where('kind', '=', owner.kind)
    .where('record_id', '=', owner.record_id)
    .where((row) => row.or([row('until_at', 'is', null), row('until_at', '>', sql<string>`now()`)]))
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ sealed }) => open(sealed as Buffer, owner, config));
}

function seal(secret: string, owner: Owner, config: Keeper): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(config), nonce).setAAD(bound(owner));
  return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function open(sealed: Buffer, owner: Owner, config: Keeper): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(config), sealed.subarray(0, 12)).setAAD(bound(owner));
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
  } catch {
    throw new Error(
      'The secret cannot be read: SECRET_KEY, or secret.key under DATA_DIR, is not what it was kept with.',
    );
  }
}

const bound = ({ kind, record_id }: Owner): Buffer => Buffer.from(`${kind} ${record_id}`);

/** A key of its own for whatever else is to be signed. */
export function keyFor(config: Keeper, purpose: string): Buffer {
  return createHmac('sha256', keyOf(config)).update(purpose).digest();
}

function keyOf({ secret_key, data_dir }: Keeper): Buffer {
  return createHash('sha256')
    .update(secret_key ?? keyFile(data_dir))
    .digest();
}

const kept = new Map<string, string>();
function keyFile(data_dir: string): string {
  const path = join(data_dir, 'secret.key');
  const known = kept.get(path);
  if (known) return known;
  mkdirSync(data_dir, { recursive: true });
  if (!existsSync(path)) makeKey(path);
  const key = readFileSync(path, 'utf8');
  kept.set(path, key);
  return key;
}

function makeKey(path: string): void {
  // Of processes that start together one gives it its name, and only when it is whole.
  const making = `${path}.${process.pid}`;
  writeFileSync(making, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    linkSync(making, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(making, { force: true });
  }
}
