/** A programme that writes to its customers: templates, customers, and what was queued. */
import { sql } from 'kysely';
import type { TestDatabase } from '../database.ts';

export interface Writing {
  template(of: { [column: string]: unknown }): Promise<number>;
  customer(of?: { [column: string]: unknown }): Promise<number>;
  connect(channel: string): Promise<void>;
  settings(of: { [column: string]: unknown }): Promise<void>;
  queue(template: number, customers: number[], of?: Queued): Promise<Row[]>;
  rows(): Promise<Row[]>;
}
export type Row = { [column: string]: unknown };
interface Queued {
  source?: string;
  external_ids?: string[];
  variables?: (object | null)[];
  at?: string;
}

/** Noon in Shanghai: nobody is asleep. */
export const NOON = '2026-03-10T12:00:00+08:00';

export function writing(t: TestDatabase): Writing {
  let count = 0;
  return {
    template: async (of) => {
      const code = `template_${++count}`;
      const row = { code, name: code, name_en: code, status: 'active', channels: ['sms'], sms_body: 'Hello', ...of };
      const { id } = await t.owner
        .insertInto('app.message_templates')
        .values(row as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      await sql`select ops.guard_message_templates(${id}, 0, null, to_jsonb(message_templates))
        from app.message_templates where id = ${id}`.execute(t.owner);
      return id;
    },
    customer: async (of = {}) => {
      const row = {
        ...{
          external_id: `P-${++count}`,
          enrolled_on: '2026-01-01',
          phone: '13900000000',
          email: `c${count}@example.com`,
        },
        ...{ consent_sms: true, consent_email: true, consent_push: true, consent_wecom: true, ...of },
      };
      const { id } = await t.owner
        .insertInto('app.customers')
        .values(row as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    connect: async (channel) => {
      const row = { code: channel, name: channel, name_en: channel, channel, status: 'active' };
      await t.owner
        .insertInto('app.message_adapters')
        .values({ ...row, kind: 'webhook', url: 'https://example.com/messages' } as never)
        .execute();
    },
    settings: async (of) => {
      await t.owner
        .updateTable('app.settings')
        .set(of as never)
        .execute();
    },
    queue: async (template, customers, of = {}) => {
      const external_ids = of.external_ids ?? customers.map((id) => `m-${id}`);
      const { rows } = await sql<Row>`
        select * from ops.queue_messages(
          ${template}::bigint, ${customers}::bigint[], ${of.source ?? 'test'}, ${external_ids}::text[],
          ${(of.variables ?? []).map((each) => (each === null ? null : JSON.stringify(each)))}::jsonb[],
          ${of.at ?? NOON}::timestamptz
        ) order by customer_id, external_id, message_id`.execute(t.db);
      return rows;
    },
    rows: async () =>
      (
        await sql<Row>`
        select customer_id, channel, state, reason, source, external_id, due_at = ${NOON}::timestamptz as now
        from app.messages order by customer_id, id`.execute(t.db)
      ).rows,
  };
}
