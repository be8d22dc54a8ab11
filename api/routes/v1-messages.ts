/**
 * Messages, for shops and whoever delivers:
 *
 *   GET  /api/v1/customers/:external_id/messages        the in-site inbox, newest first (?unread=1, ?before=<id>)
 *   POST /api/v1/customers/:external_id/messages/read   {"ids": [...]} or {} for all: read by the customer
 *   POST /api/v1/messages/status                        one report, or up to 1,000: delivered, read, bounced
 *
 * A report about a message that never went out is answered "unknown"; said again it changes nothing.
 */
import { Hono } from 'hono';
import { sql } from 'kysely';
import { readJson, readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Row } from '../contract.ts';
import { f } from '../definition.ts';
import { fieldErrors, Problem, problem } from '../errors.ts';
import { announce } from '../records/announce.ts';
import { type Asked, activeCustomer, checkAsked, inUnit, mayAsk } from './shop-request.ts';

const PAGE = 50;
const REPORTS_AT_ONCE = 1_000;

export const REPORT: Asked = {
  name: 'messages',
  label: ['送达回执', 'Delivery report'],
  fields: {
    message: f.integer({ label: ['消息', 'Message'], required: true, min: 1, max: Number.MAX_SAFE_INTEGER }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      choices: {
        delivered: ['已送达', 'Delivered'],
        read: ['已阅读', 'Read'],
        bounced: ['未能送达', 'Bounced'],
      },
    }),
    occurred_at: f.datetime({ label: ['发生时间', 'When'] }),
    detail: f.text({ label: ['说明', 'Detail'], max: 300 }),
  },
};

export function messageRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/v1/customers/:external_id/messages', async (c) => {
    mayAsk(c.var.user);
    const { unread, before, ...rest } = c.req.query();
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    for (const [name, value, right] of [
      ['unread', unread, /^[01]$/],
      ['before', before, /^\d{1,15}$/],
    ] as const)
      if (value !== undefined && !right.test(value))
        throw problem(400, 'bad_parameter', {
          ...{ name, value: value.slice(0, 60), expected: name === 'unread' ? '0, 1' : 'next' },
        });
    const customer_id = await activeCustomer(deps, c.req.param('external_id'));
    const rows = await deps.db
      .selectFrom('app.messages')
      .innerJoin('app.message_templates', 'app.message_templates.id', 'app.messages.template_id')
      .select(['app.messages.id', 'app.message_templates.code as template', 'app.messages.category'])
      .select(['app.messages.content', 'app.messages.delivered_at', 'app.messages.read_at'])
      .where('customer_id', '=', customer_id)
      .where('channel', '=', 'in_site')
      .where('state', '=', 'delivered')
      .$if(unread === '1', (query) => query.where('read_at', 'is', null))
      .$if(before !== undefined, (query) => query.where('app.messages.id', '<', Number(before)))
      .orderBy('app.messages.id', 'desc')
      .limit(PAGE + 1)
      .execute();
    const messages = rows.slice(0, PAGE).map(({ content, ...row }) => ({ ...row, ...((content ?? {}) as Row) }));
    const next = rows.length > PAGE ? messages.at(-1)!.id : null;
    return c.json({ messages, next }, 200, { 'cache-control': 'no-store' });
  });

  routes.post('/api/v1/customers/:external_id/messages/read', async (c) => {
    mayAsk(c.var.user);
    const { ids = null, ...rest } = await readObject(c, { max: 64 * 1024 });
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined)
      throw fieldErrors({ [unknown]: { key: 'unknown_field', params: { name: unknown.slice(0, 60) } } });
    const right =
      ids === null || (Array.isArray(ids) && ids.length <= 1_000 && ids.every((id) => Number.isSafeInteger(id)));
    if (!right) throw fieldErrors({ ids: { key: 'not_a_list', params: { label: ['消息', 'Messages'] } } });
    const customer_id = await activeCustomer(deps, c.req.param('external_id'));
    const { numUpdatedRows } = await deps.db
      .updateTable('app.messages')
      .set({ read_at: sql<string>`now()` })
      .where('customer_id', '=', customer_id)
      .where('channel', '=', 'in_site')
      .where('state', '=', 'delivered')
      .where('read_at', 'is', null)
      .$if(ids !== null, (query) => query.where('id', 'in', [0, ...(ids as number[])]))
      .executeTakeFirstOrThrow();
    return c.json({ read: Number(numUpdatedRows) });
  });

  routes.post('/api/v1/messages/status', async (c) => {
    mayAsk(c.var.user);
    const body = await readJson(c, { max: 1024 * 1024 });
    const many = Array.isArray(body);
    const told = many ? body : [body];
    if (told.length === 0 || told.length > REPORTS_AT_ONCE) throw problem(422, 'batch_size', { max: REPORTS_AT_ONCE });
    const reports = told.map((each, place) => checkReport(each, many ? place : null));
    const answers = await inUnit(deps, REPORT, async (trx) => {
      const { rows } = await sql<{ place: number; answer: string }>`
        select place, answer from ops.note_deliveries(${JSON.stringify(reports)}::jsonb)
      `.execute(trx);
      return rows.map(({ answer }, place) => ({ message: reports[place]!.message, answer }));
    });
    announce(deps, 'messages', []);
    return c.json(many ? answers : answers[0]!);
  });
  return routes;
}

/** Faults of one of many say which it was. */
function checkReport(entry: unknown, place: number | null): Row {
  try {
    return checkAsked(REPORT, entry);
  } catch (error) {
    if (place === null || !(error instanceof Problem) || !error.errors) throw error;
    const placed = Object.entries(error.errors).map(([field, said]) => [`${place}.${field}`, said]);
    throw new Problem(422, 'invalid', {}, { errors: Object.fromEntries(placed) });
  }
}
