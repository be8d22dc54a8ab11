/**
 * Points as payment, for shops:
 *
 *   POST /api/v1/redemptions                 reserves points of a customer, or spends them at once (`confirm: true`)
 *   POST /api/v1/redemptions/:id/confirm     spends what was reserved
 *   POST /api/v1/redemptions/:id/cancel      gives the points back, also after they were spent
 *
 * So many `points`; or what an `amount` of money takes at the rate of the customer's tier, rounded up; or a `quantity` of a `reward`.
 * 201 accepted, 200 replayed: one redemption by (source, external_id), for ever. 422 with the reason as
 * key: points_short, out_of_stock, limit_reached, not_started, expired, not_active, wrong_customer, reward_unknown.
 */
import { Hono } from 'hono';
import { readJson } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Row } from '../contract.ts';
import { f } from '../definition.ts';
import { decideRedemption, describeRedemption, reservePoints } from '../engine/redemptions.ts';
import { fieldErrors, problem } from '../errors.ts';
import { announce } from '../records/announce.ts';
import { type Asked, activeCustomer, checkAsked, inUnit, mayAsk, readDecision } from './shop-request.ts';

export const REDEMPTION: Asked = {
  name: 'redemptions',
  label: ['积分兑换', 'Redemptions'],
  fields: {
    source: f.text({ label: ['数据来源', 'Source'], max: 60, pattern: '^[A-Za-z0-9_.-]+$', default: 'api' }),
    external_id: f.text({ label: ['兑换单号', 'Redemption no.'], required: true, max: 200 }),
    customer_external_id: f.text({ label: ['客户编号', 'Customer no.'], required: true, max: 100 }),
    points: f.points({ label: ['积分', 'Points'], min: 1, max: 1_000_000_000 }),
    amount: f.money({ label: ['抵扣金额', 'Worth'], min: '0.01', max: '10000000' }),
    reward: f.text({ label: ['兑换商品编码', 'Reward code'], max: 40 }),
    quantity: f.integer({ label: ['数量', 'Quantity'], min: 1, max: 1_000_000, default: 1 }),
    partner_account: f.text({ label: ['合作方账号', 'Account with the partner'], max: 100 }),
    purpose: f.text({ label: ['用途', 'For'], max: 200 }),
    confirm: f.boolean({ label: ['直接确认', 'Spend at once'], default: false }),
  },
};

export function redemptionRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.post('/api/v1/redemptions', async (c) => {
    mayAsk(c.var.user);
    const asked = checkAsked(REDEMPTION, await readJson(c, { max: 64 * 1024 }));
    const ways = [asked.points, asked.amount, asked.reward].filter((way) => way != null);
    if (ways.length !== 1) throw fieldErrors({ points: { key: 'points_amount_or_reward', params: {} } });
    if (asked.reward == null && asked.purpose == null)
      throw fieldErrors({ purpose: { key: 'required', params: { label: REDEMPTION.fields.purpose!.label } } });
    const customer_id = await activeCustomer(deps, asked.customer_external_id as string);
    const answer = await inUnit(deps, REDEMPTION, async (trx) => {
      const said = await reservePoints(trx, deps, { customer_id, asked });
      const { differs = false, answer } = said;
      return { answer, body: { ...(await describeRedemption(trx, said.id)), ...(differs ? { differs } : {}) } };
    });
    tell(deps, customer_id, answer.body);
    return c.json({ answer: answer.answer, ...answer.body }, answer.answer === 'accepted' ? 201 : 200);
  });
  routes.post('/api/v1/redemptions/:id/:decision{confirm|cancel}', async (c) => {
    mayAsk(c.var.user);
    const { id, decision, reason } = await readDecision(c);
    const answer = await inUnit(deps, REDEMPTION, async (trx) => {
      const said = await decideRedemption(trx, deps, {
        id,
        decision,
        reason,
      });
      if (!said) throw problem(404, 'not_found');
      return { said, body: await describeRedemption(trx, id) };
    });
    tell(deps, answer.said.customer_id, answer.body);
    return c.json({ answer: answer.said.answer, ...answer.body });
  });
  return routes;
}

function tell(deps: Deps, customer_id: number, redemption: Row): void {
  announce(deps, 'points_accounts', [customer_id]);
  announce(deps, 'redemptions', [Number(redemption.id)]);
}
