/** Messages queued for many customers in one call, beside one insert … select of the same rows into the same table. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { DB } from '../../api/schema.ts';
import { timed, withDeps } from './measure-database.ts';
import type { Setting } from './setting.ts';

export interface MessagesFigure {
  messages: number;
  queue_s: number;
  insert_s: number;
  ratio: number;
}

/** A statement of a run is ended after this, and no further run begun after a third of it. */
const LIMIT_MS = 300_000;

/** Nothing of it stays: each run is rolled back. The quickest of each counts; of large numbers there may be one alone. */
export function measureMessages(setting: Setting, { messages }: { messages: number }): Promise<MessagesFigure> {
  return withDeps(setting, async ({ db }) => {
    const runs = { queue: [] as number[], insert: [] as number[] };
    const began = performance.now();
    for (let run = 0; run < 3 && performance.now() - began < LIMIT_MS / 3; run++) {
      runs.insert.push(await rolledBack(db, messages, insertSelect));
      runs.queue.push(await rolledBack(db, messages, queue));
    }
    const [queue_s, insert_s] = [Math.min(...runs.queue) / 1000, Math.min(...runs.insert) / 1000];
    return { messages, queue_s, insert_s, ratio: queue_s / insert_s };
  });
}

class Undone extends Error {}

async function rolledBack(
  db: Kysely<DB>,
  messages: number,
  work: (trx: Transaction<DB>, template: number) => Promise<number>,
): Promise<number> {
  let took = 0;
  await db
    .transaction()
    .execute(async (trx) => {
      const template = await makeTemplate(trx);
      await sql`select set_config('statement_timeout', ${String(LIMIT_MS)}, true)`.execute(trx);
      // Customers in turn, as often as it takes.
      await sql`
        create temporary table asked on commit drop as
        select customers.id as customer_id, numbers.number::text as external_id
        from generate_series(1, ${messages}::integer) as numbers (number)
        inner join (select id, row_number() over (order by id) as place from app.customers) as customers
          on customers.place = 1 + numbers.number % (select count(*) from app.customers)
      `.execute(trx);
      await sql`analyze asked`.execute(trx);
      let made = 0;
      took = await timed(async () => {
        made = await work(trx, template);
      });
      if (made !== messages) throw new Error(`${made} of ${messages} messages`);
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  return took;
}

/** A template of marketing in the inbox, which needs neither consent nor a channel. */
export async function makeTemplate(trx: Transaction<DB>, code = 'bench'): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into app.message_templates (code, name, name_en, category, status, channels, in_site_subject, in_site_body)
    values (${code}, 'b', 'b', 'marketing', 'active', '{in_site}', 'Hello', 'Hello {{name}}') returning id
  `.execute(trx);
  const { id } = rows[0]!;
  await sql`
    select ops.guard_message_templates(id, 0, null, to_jsonb(message_templates)) from app.message_templates where id = ${id}
  `.execute(trx);
  return id;
}

async function queue(trx: Transaction<DB>, template: number): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    select count(*)::integer as made
    from (select array_agg(customer_id) as customers, array_agg(external_id) as external_ids from asked) as asked
    cross join lateral ops.queue_messages(${template}, asked.customers, 'bench', asked.external_ids, '{}', now()) as queued
  `.execute(trx);
  return rows[0]!.made;
}

async function insertSelect(trx: Transaction<DB>, template: number): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into app.messages (
      customer_id, template_id, version_id, channel, category, source, external_id, state, queued_at, due_at, expires_at
    )
    select customer_id, ${template}, 1, 'in_site', 'marketing', 'bench', external_id, 'queued', now(), now(), now() from asked
  `.execute(trx);
  return Number(numAffectedRows);
}
