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
import type { Field, Resource, Row } from '../contract.ts';
import { f } from '../definition.ts';
import { benefitsLeft, decideUse, describeUse, REFUSALS, useBenefit } from '../engine/benefits.ts';
import { fieldErrors, Problem, problem, retrying, toProblem } from '../errors.ts';
import { standsFor } from '../records/access.ts';
import { announce } from '../records/announce.ts';
import { hasScope } from '../sign-in/token-scopes.ts';
import { validateRecord } from '../validate.ts';

const FIELDS: { [name: string]: Field } = {
  source: f.text({ label: ['数据来源', 'Source'], max: 60, pattern: '^[A-Za-z0-9_.-]+$', default: 'api' }),
  external_id: f.text({ label: ['使用单号', 'Use no.'], required: true, max: 200 }),
  customer_external_id: f.text({ label: ['客户编号', 'Customer no.'], required: true, max: 100 }),
  benefit: f.text({ label: ['权益编码', 'Benefit'], required: true, max: 40 }),
  used_at: f.datetime({ label: ['使用时间', 'Used at'] }),
  note: f.text({ label: ['备注', 'Note'], max: 200 }),
};
const DECISION_FIELDS: { [name: string]: Field } = { reason: f.text({ label: ['原因', 'Reason'], max: 200 }) };

export function benefitRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/api/v1/benefits', async (c) => {
    allow(c.var.user);
    const unknown = Object.keys(c.req.query()).find((name) => name !== 'customer_external_id');
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    const customer = await customerNamed(deps, c.req.query('customer_external_id') ?? '');
    return c.json(await benefitsLeft(deps.db, customer));
  });
  for (const kind of ['use', 'reserve'] as const) {
    routes.post(`/api/v1/benefits/${kind}`, async (c) => {
      allow(c.var.user);
      const asked = checked(FIELDS, await readJson(c, { max: 64 * 1024 }));
      if (asked.used_at != null && (kind === 'reserve' || Date.parse(asked.used_at as string) > Date.now()))
        throw fieldErrors({
          used_at: { key: 'not_now', message: ['只能填写已过去的使用时间', 'It must be past, and is for uses only'] },
        });
      const customer_id = await customerNamed(deps, asked.customer_external_id as string);
      const benefit = await deps.db
        .selectFrom('app.benefits')
        .select('id')
        .where('code', '=', asked.benefit as string)
        .executeTakeFirst();
      if (!benefit)
        throw fieldErrors({ benefit: { key: 'benefit_unknown', message: ['没有此权益', 'There is no such benefit'] } });
      const done = await inUnit(deps, async (trx) => {
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
    allow(c.var.user);
    const { id, decision } = c.req.param();
    if (!/^\d{1,15}$/.test(id)) throw problem(400, 'bad_id', { id });
    const empty = !c.req.header('content-type') && (c.req.header('content-length') ?? '0') === '0';
    const { reason = null } = checked(DECISION_FIELDS, empty ? {} : await readJson(c, { max: 64 * 1024 }));
    const answer = await inUnit(deps, async (trx) => {
      const said = await decideUse(trx, {
        id: Number(id),
        decision: decision as 'confirm' | 'cancel',
        reason: reason as string | null,
      });
      if (!said) throw problem(404, 'not_found');
      return { said, body: await describeUse(trx, Number(id)) };
    });
    announce(deps, 'benefit_uses', [Number(id)]);
    announce(deps, 'benefit_quotas', []);
    const { customer_id: _whose, ...told } = answer.body;
    return c.json({ answer: answer.said.answer, ...told });
  });
  return routes;
}

function allow(caller: Env['Variables']['user']): void {
  if (!standsFor(caller, ['operator']) || !hasScope(caller, 'facts:write')) throw problem(403, 'forbidden');
}

async function customerNamed({ db }: Deps, external_id: string): Promise<number> {
  const customer = await db
    .selectFrom('app.customers')
    .select(['id', 'status'])
    .where('external_id', '=', external_id)
    .executeTakeFirst();
  if (!customer) throw fieldErrors({ customer_external_id: { key: 'customer_unknown', params: {} } });
  if (customer.status !== 'active')
    throw fieldErrors({ customer_external_id: { key: 'customer_not_active', params: {} } });
  return customer.id;
}

/** @throws Problem 422 with every fault */
function checked(fields: { [name: string]: Field }, input: unknown): Row {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw fieldErrors({ '': { key: 'not_an_object', params: { label: ['内容', 'The entry'] } } });
  }
  const { values, errors } = validateRecord({
    resource: shape(fields),
    input: input as { [name: string]: unknown },
    mode: 'create',
  });
  if (Object.keys(errors).length > 0) throw new Problem(422, 'invalid', {}, { errors });
  return values;
}

const shape = (fields: { [name: string]: Field }): Resource => ({
  ...{ name: 'benefit_uses', table: 'app.benefit_uses', label: ['权益使用', 'Uses of benefits'] },
  ...{ group: 'customers', icon: 'gift', title: 'external_id', fields, rules: [], access: {} },
  list: { columns: [], sort: 'id' },
});

/** One transaction, done again where it met another; what routines refuse becomes a Problem. */
async function inUnit<T>(
  deps: Deps,
  work: (trx: Parameters<Parameters<ReturnType<Deps['db']['transaction']>['execute']>[0]>[0]) => Promise<T>,
): Promise<T> {
  return retrying(() => deps.db.transaction().execute(work)).catch((error: unknown) => {
    throw toProblem(error, shape(FIELDS));
  });
}
