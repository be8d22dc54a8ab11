/** The record of who did what: written in the transaction of the change, never altered afterwards. */
import type { Kysely } from 'kysely';
import type { Caller } from '../context.ts';
import type { HistoryEntry, Row } from '../contract.ts';
import type { DB } from '../schema.ts';

export interface AuditEntry {
  /** Null: the product itself (a job, a first start). */
  caller: Pick<Caller, 'id' | 'name' | 'token'> | null;
  resource: string;
  record_id: number | null;
  /** The actions of a record's history, and names such as "export" or "sign_in" that belong to no record. */
  action: HistoryEntry['action'] | (string & {});
  /** Wire values of the fields that changed, before and after; null where there was or is no record. */
  before?: Row | null;
  after?: Row | null;
  reason?: string | null;
  request_id?: string | null;
  /** The change of many records that it is part of. */
  bulk_id?: number | null;
}

/** Who did it, with the program that did it in their name. */
export function actorOf({ name, token }: Pick<Caller, 'name' | 'token'>): string {
  return token ? `${name} · ${token.name}` : name;
}

/** Parameters of one statement stay far below the 65,535 that the protocol can count. */
const AT_ONCE = 1000;

/** @param trx the transaction that makes the change */
export async function recordAudit(trx: Kysely<DB>, entries: AuditEntry | readonly AuditEntry[]): Promise<void> {
  const all = [entries].flat() as AuditEntry[];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const values = all.slice(from, from + AT_ONCE).map((entry) => ({
      user_id: entry.caller?.id ?? null,
      actor: entry.caller ? actorOf(entry.caller) : 'system',
      token_id: entry.caller?.token?.id ?? null,
      resource: entry.resource,
      record_id: entry.record_id,
      action: entry.action,
      before: entry.before ? JSON.stringify(entry.before) : null,
      after: entry.after ? JSON.stringify(entry.after) : null,
      reason: entry.reason ?? null,
      request_id: entry.request_id ?? null,
      bulk_id: entry.bulk_id ?? null,
    }));
    await trx.insertInto('app.audit_entries').values(values).execute();
  }
}
