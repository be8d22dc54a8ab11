/**
 * Benefits, for shops and the CRM:
 *
 *   GET  /api/v1/benefits?customer_external_id=   what a customer may use now, and how often still
 *   POST /api/v1/benefits/use                     uses a benefit
 *   POST /api/v1/benefits/reserve                 holds a use for a while
 *   POST /api/v1/benefits/uses/:id/confirm        uses what was held
 *   POST /api/v1/benefits/uses/:id/cancel         gives the use back, also after it was used
 *
 * 201 accepted, 200 replayed: one use by (source, external_id), for ever. 422 on `benefit` with the reason as its key when it
 * may not be used; what was refused may be asked for again under the same number.
 */
import { Hono } from 'hono';
import { readJson } from '../body.ts';
import type { Deps, Env } from '../context.ts';

import { f } from '../definition.ts';
import { benefitsLeft, decideUse, describeUse, REFUSALS, useBenefit } from '../engine/benefits.ts';
import { fieldErrors, problem } from '../errors.ts';
import { announce } from '../records/announce.ts';
import { type Asked, activeCustomer, checkAsked, inUnit, mayAsk, readDecision } from './shop-request.ts';

export const USE: Asked = {
  name: 'benefit_uses',
  label: ['权益使用', 'Uses of benefits'],
  fields: {
    source: f.text({ label: ['数据来源', 'Source'], max: 60, pattern: '^[A-Za-z0-9_.-]+$', default: 'api' }),
    external_id: f.text({ label: ['使用单号', 'Use no.'], required: true, max: 200 }),
    customer_external_id: f.text({ label: ['客户编号', 'Customer no.'], required: true, max: 100 }),
    benefit: f.text({ label: ['权益编码', 'Benefit'], required: true, max: 40 }),
    used_at: f.datetime({ label: ['使用时间', 'Used at'] }),
    note: f.text({ label: ['备注', 'Note'], max: 200 }),
  },
};

export function benefitRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/api/v1/benefits', async (c) => {
    mayAsk(c.var.user);
    const unknown = Object.keys(c.req.query()).find((name) => name !== 'customer_external_id');
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    const customer = await activeCustomer(deps, c.req.query('customer_external_id') ?? '');
    return c.json(await benefitsLeft(deps.db, customer));
  });
  for (const kind of ['use', 'reserve'] as const) {
    routes.post(`/api/v1/benefits/${kind}`, async (c) => {
      mayAsk(c.var.user);
      const asked = checkAsked(USE, await readJson(c, { max: 64 * 1024 }));
      if (asked.used_at != null && (kind === 'reserve' || Date.parse(asked.used_at as string) > Date.now()))
        throw fieldErrors({
          used_at: { key: 'not_now', message: ['只能填写已过去的使用时间', 'It must be past, and is for uses only'] },
        });
      const customer_id = await activeCustomer(deps, asked.customer_external_id as string);
      const benefit = await deps.db
        .selectFrom('app.benefits')
        .select('id')
        .where('code', '=', asked.benefit as string)
        .executeTakeFirst();
      if (!benefit)
        throw fieldErrors({ benefit: { key: 'benefit_unknown', message: ['没有此权益', 'There is no such benefit'] } });
      const done = await inUnit(deps, USE, async (trx) => {
        const said = await useBenefit(trx, deps, {
          customer_id,
          asked: {
            source: asked.source as string,
            external_id: asked.external_id as string,
            benefit_id: benefit.id,
            reserve: kind === 'reserve',
            note: (asked.note as string | null | undefined) ?? null,
            used_at: (asked.used_at as string | null | undefined) ?? null,
          },
        });
        return { said, body: said.id === null ? {} : await describeUse(trx, said.id) };
      });
      const { said, body } = done;
      if (said.answer === 'refused')
        throw fieldErrors({ benefit: { key: said.reason!, message: REFUSALS[said.reason!]! } });
      announce(deps, 'benefit_uses', [said.id!]);
      announce(deps, 'benefit_quotas', []);
      const differs = body.customer_id !== customer_id || body.benefit !== asked.benefit;
      const { customer_id: _whose, ...told } = body;
      return c.json(
        { answer: said.answer, ...told, ...(differs ? { differs } : {}) },
        said.answer === 'accepted' ? 201 : 200,
      );
    });
  }
  routes.post('/api/v1/benefits/uses/:id/:decision{confirm|cancel}', async (c) => {
    mayAsk(c.var.user);
    const { id, decision, reason } = await readDecision(c);
    const answer = await inUnit(deps, USE, async (trx) => {
      const said = await decideUse(trx, {
        id,
        decision,
        reason,
      });
      if (!said) throw problem(404, 'not_found');
      return { said, body: await describeUse(trx, id) };
    });
    announce(deps, 'benefit_uses', [id]);
    announce(deps, 'benefit_quotas', []);
    const { customer_id: _whose, ...told } = answer.body;
    return c.json({ answer: answer.said.answer, ...told });
  });
  return routes;
}
