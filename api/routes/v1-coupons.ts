/**
 * Coupons, for shops and the CRM:
 *
 *   GET  /api/v1/coupons?customer_external_id=          what a customer holds
 *   POST /api/v1/coupons/claim                          a customer asks for a coupon of a template, or brings a code
 *   POST /api/v1/coupons/quote                          what coupons come to on an order; changes nothing
 *   POST /api/v1/coupons/reserve                        holds them for the order
 *   POST /api/v1/coupons/reservations/:id/confirm       the order was paid
 *   POST /api/v1/coupons/reservations/:id/cancel        gives them back, also after they were redeemed
 *
 * 201 accepted, 200 replayed: one claim and one reservation by (source, external_id), for ever; a claim that was refused stays
 * refused under its number, a reservation may be tried again under the same. 422 on `coupon`, or on `coupons.<n>`, with the
 * reason as its key.
 */

import { Hono } from 'hono';
import { readJson } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Row } from '../contract.ts';
import { REFUSALS } from '../coupon-refusals.ts';
import { f } from '../definition.ts';
import {
  claimCoupon,
  couponsHeld,
  decideCoupons,
  describeCheckout,
  describeCoupon,
  type Quote,
  quoteCoupons,
  reserveCoupons,
} from '../engine/coupons.ts';
import { fieldErrors, problem } from '../errors.ts';
import { ORDER_FIELDS } from '../facts/fields.ts';
import { announce } from '../records/announce.ts';
import { type Asked, activeCustomer, checkAsked, inUnit, mayAsk, readDecision } from './shop-request.ts';

/** More on one order are a mistake. */
const COUPONS_MAX = 20;

const { source, channel, lines } = ORDER_FIELDS;
const customer_external_id = f.text({ label: ['客户编号', 'Customer no.'], required: true, max: 100 });

export const CLAIM: Asked = {
  name: 'coupons',
  label: ['领券', 'Claims'],
  fields: {
    source: source!,
    external_id: f.text({ label: ['领取单号', 'Claim no.'], required: true, max: 200 }),
    customer_external_id,
    template: f.text({ label: ['优惠券编码', 'Template'], max: 40 }),
    code: f.text({ label: ['券码', 'Code'], max: 60 }),
  },
};

const BASKET: Asked['fields'] = {
  customer_external_id,
  coupons: f.tags({ label: ['优惠券', 'Coupons'], required: true }),
  channel: channel!,
  shipping_fee: f.money({ label: ['运费', 'Shipping fee'], min: '0' }),
  lines: { ...lines!, required: true },
};

export const QUOTE: Asked = { name: 'coupon_quotes', label: ['优惠券试算', 'Quotes'], fields: BASKET };

export const RESERVE: Asked = {
  name: 'coupon_uses',
  label: ['优惠券核销', 'Uses of coupons'],
  fields: {
    source: source!,
    external_id: f.text({ label: ['核销单号', 'Use no.'], required: true, max: 200 }),
    order_external_id: f.text({ label: ['订单号', 'Order no.'], max: 200 }),
    order_source: f.text({ label: ['订单来源', 'Source of the order'], max: 60, pattern: '^[A-Za-z0-9_.-]+$' }),
    ...BASKET,
  },
};

export const CONFIRM: Asked['fields'] = {
  order_external_id: RESERVE.fields.order_external_id!,
  order_source: RESERVE.fields.order_source!,
};

export function couponRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/api/v1/coupons', async (c) => {
    mayAsk(c.var.user);
    const unknown = Object.keys(c.req.query()).find((name) => name !== 'customer_external_id');
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    const customer = await activeCustomer(deps, c.req.query('customer_external_id') ?? '');
    return c.json(await couponsHeld(deps.db, customer));
  });
  routes.post('/api/v1/coupons/claim', async (c) => {
    mayAsk(c.var.user);
    const asked = checkAsked(CLAIM, await readJson(c, { max: 64 * 1024 }));
    if ((asked.template == null) === (asked.code == null))
      throw fieldErrors({
        template: { key: 'template_or_code', message: ['请填写优惠券编码或券码其一', 'Name a template or a code'] },
      });
    const customer_id = await activeCustomer(deps, asked.customer_external_id as string);
    const done = await inUnit(deps, CLAIM, async (trx) => {
      const said = await claimCoupon(trx, { customer_id, asked });
      return { said, body: said.id === null || said.id === undefined ? {} : await describeCoupon(trx, said.id) };
    });
    const { answer, refusal, differs } = done.said;
    const field = asked.code == null ? 'template' : 'code';
    if (answer === 'refused') throw fieldErrors({ [field]: { key: refusal!, message: REFUSALS[refusal!]! } });
    announce(deps, 'coupons', [done.said.id!]);
    return c.json({ answer, ...done.body, ...(differs ? { differs } : {}) }, answer === 'accepted' ? 201 : 200);
  });
  routes.post('/api/v1/coupons/quote', async (c) => {
    mayAsk(c.var.user);
    const asked = priced(checkAsked(QUOTE, await readJson(c, { max: 1024 * 1024 })));
    const customer_id = await activeCustomer(deps, asked.customer_external_id as string);
    return c.json((await inUnit(deps, QUOTE, (trx) => quoteCoupons(trx, { customer_id, asked }))) as unknown as Row);
  });
  routes.post('/api/v1/coupons/reserve', async (c) => {
    mayAsk(c.var.user);
    const asked = priced(checkAsked(RESERVE, await readJson(c, { max: 1024 * 1024 })));
    const customer_id = await activeCustomer(deps, asked.customer_external_id as string);
    const said = await inUnit(deps, RESERVE, (trx) => reserveCoupons(trx, { customer_id, asked }));
    if (said.answer === 'refused') throw fieldErrors(refusalsOf(said));
    announce(deps, 'coupons', []);
    announce(deps, 'coupon_uses', []);
    const { answer, differs, ...told } = said;
    return c.json({ answer, ...told, ...(differs ? { differs } : {}) }, answer === 'accepted' ? 201 : 200);
  });
  routes.post('/api/v1/coupons/reservations/:id/:decision{confirm|cancel}', async (c) => {
    mayAsk(c.var.user);
    const { id, decision, reason, said: order } = await readDecision(c, CONFIRM);
    const answer = await inUnit(deps, RESERVE, async (trx) => {
      const said = await decideCoupons(trx, { id, decision, reason, order });
      if (!said) throw problem(404, 'not_found');
      return { said, body: await describeCheckout(trx, id) };
    });
    announce(deps, 'coupons', []);
    announce(deps, 'coupon_uses', []);
    return c.json({ answer: answer.said.answer, ...answer.body });
  });
  return routes;
}

/** An order has lines, and each of them a price. @throws Problem 422 */
function priced(asked: Row): Row {
  if ((asked.coupons as string[]).length > COUPONS_MAX)
    throw fieldErrors({ coupons: { key: 'too_many', params: { max: COUPONS_MAX } } });
  const given = asked.lines as Row[];
  if (given.length === 0) throw fieldErrors({ lines: { key: 'lines_needed' } });
  const at = given.findIndex(({ unit_price, amount }) => unit_price == null && amount == null);
  if (at >= 0) throw fieldErrors({ [`lines.${at}.unit_price`]: { key: 'price_required' } });
  return asked;
}

function refusalsOf({ coupons }: Quote): Parameters<typeof fieldErrors>[0] {
  return Object.fromEntries(
    coupons.flatMap(({ refusal }, at) =>
      refusal === null ? [] : [[`coupons.${at}`, { key: refusal, message: REFUSALS[refusal]! }] as const],
    ),
  );
}
