/** Takes messages that are due and writes down what they will say, all in one transaction, before anything is sent. */
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Config } from '../config.ts';
import { retrying } from '../errors.ts';
import type { DB } from '../schema.ts';
import type { Parcel } from './parcel.ts';
import { render, type Text, tagged, type Values } from './render.ts';

export interface Claimed extends Parcel {
  attempt: number;
  adapter_id: number;
}
interface Row extends Omit<Claimed, 'channel' | 'to' | 'subject' | 'body'> {
  customer_id: number;
  recipient: string | null;
  texts: Text;
  tells: Values;
  variables: Values | null;
  content: Text | null;
}
interface Link {
  customer_id: number;
  message_id: number;
  position: number;
  code: string;
  url: string;
}

/** @returns what is now to be sent by the caller, and by nobody else for a while */
export async function claimMessages(
  { db, config }: { db: Kysely<DB>; config: Pick<Config, 'public_url' | 'host' | 'port'> },
  { channel, how_many }: { channel: string; how_many: number },
): Promise<Claimed[]> {
  return retrying(() =>
    db.transaction().execute(async (trx) => {
      const { rows } = await sql<Row>`
        select * from ops.claim_messages(${channel}, ${how_many}::integer, clock_timestamp())
      `.execute(trx);
      const links: Link[] = [];
      const fresh: { id: number; content: Text }[] = [];
      const claimed = rows.map((row): Claimed => {
        const { customer_id, recipient, texts, tells, variables, content, ...rest } = row;
        const text = content ?? writeMessage(row, channel, linkBase(config), links);
        if (!content) fresh.push({ id: row.id, content: text });
        return { ...rest, channel, to: recipient, ...text };
      });
      if (links.length > 0)
        await trx
          .insertInto('app.message_links')
          .values(links)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      if (fresh.length > 0)
        await sql`
          update app.messages set content = told.content
          from jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) as told (id bigint, content jsonb)
          where messages.id = told.id
        `.execute(trx);
      return claimed;
    }),
  );
}

/** Where short addresses begin. */
export function linkBase({ public_url, host, port }: Pick<Config, 'public_url' | 'host' | 'port'>): string {
  return public_url ?? `http://${host}:${port}`;
}

function writeMessage(row: Row, channel: string, base: string, links: Link[]): Text {
  return render(row.texts, { ...row.tells, ...row.variables }, (url, position) => {
    const code = randomBytes(8).toString('base64url');
    const to = tagged(url, { channel, template: row.template });
    links.push({ customer_id: row.customer_id, message_id: row.id, position, code, url: to });
    return `${base}/l/${code}`;
  });
}
