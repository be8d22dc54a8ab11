/** What shops and the CRM ask for a customer: points as payment, benefits, and where somebody stands. */
import type { Lang, Pair } from '../contract.ts';
import type { Asked } from '../routes/shop-request.ts';
import { USE } from '../routes/v1-benefits.ts';
import { CLAIM, QUOTE, RESERVE } from '../routes/v1-coupons.ts';
import { PAGE_LINK } from '../routes/v1-pages.ts';
import { REDEMPTION } from '../routes/v1-redemptions.ts';
import { errors } from './parts.ts';
import type { Described } from './resource-paths.ts';
import { inLang, objectOf, type Schema } from './schemas.ts';

export const SHOP_TAG = 'shops';

export function shopPaths(lang: Lang): Described['paths'] {
  const say = (pair: Pair) => inLang(pair, lang);
  const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
  const operation = (operationId: string, summary: Pair, rest: Schema): Schema => ({
    ...{ operationId, tags: [SHOP_TAG], summary: say(summary) },
    ...rest,
  });
  const asks = (operationId: string, summary: Pair, asked: Asked, example: Schema) => {
    const all = Object.entries(asked.fields);
    const required = all.filter(([, field]) => field.required && field.default === undefined).map(([name]) => name);
    return {
      post: operation(operationId, summary, {
        description: say([
          '以 source 和 external_id 识别，重复提交返回首次的结果；拒绝的原因见 errors 的 key。',
          'Known by source and external_id: sent again, the first answer comes back. The key in errors is the reason of a refusal.',
        ]),
        requestBody: {
          required: true,
          ...json({ ...objectOf(all, { lang, sent: true, required }), examples: [example] }),
        },
        responses: {
          '200': { description: say(['此前已接受', 'Accepted before']), ...json(DONE) },
          '201': { description: say(['已接受', 'Accepted']), ...json(DONE) },
          ...errors('bad_request', 'invalid'),
        },
      }),
    };
  };
  const decides = (operationId: string, summary: Pair, also: Schema = {}) => ({
    post: operation(operationId, summary, {
      parameters: [path('id', { type: 'integer', minimum: 1 })],
      requestBody: json({
        type: 'object',
        properties: { reason: { type: ['string', 'null'], maxLength: 200 }, ...also },
      }),
      responses: {
        '200': { description: say(['已处理；重复提交不再改变', 'Done; said again it changes nothing']), ...json(DONE) },
        ...errors('bad_request', 'not_found', 'conflict', 'invalid'),
      },
    }),
  });
  const basket = {
    ...{ customer_external_id: 'C-77', coupons: ['C12', 'VIP-AB23CD45'], channel: 'online', shipping_fee: '8.00' },
    lines: [{ sku: 'TEA-01', quantity: 2, unit_price: '39.90' }],
  };
  const use = { external_id: 'U-1', customer_external_id: 'C-77', benefit: 'free_shipping' };
  return {
    '/api/v1/redemptions': asks('redeem_points', ['兑换积分', 'Redeem points'], REDEMPTION, {
      ...{ external_id: 'X-1', customer_external_id: 'C-77', reward: 'thermos_cup', quantity: 1 },
    }),
    '/api/v1/redemptions/{id}/confirm': decides('confirm_redemption', ['确认兑换', 'Spend what was reserved']),
    '/api/v1/redemptions/{id}/cancel': decides('cancel_redemption', ['取消兑换', 'Give the points back']),
    '/api/v1/benefits': {
      get: operation('list_benefits_left', ['客户的剩余权益', 'What a customer may use'], {
        parameters: [
          { name: 'customer_external_id', in: 'query', required: true, schema: { type: 'string', maxLength: 100 } },
        ],
        responses: {
          '200': {
            description: say(['每项权益一行', 'One for each benefit']),
            ...json({ type: 'array', items: OBJECT }),
          },
          ...errors('bad_request', 'invalid'),
        },
      }),
    },
    '/api/v1/benefits/use': asks('use_benefit', ['使用权益', 'Use a benefit'], USE, use),
    '/api/v1/benefits/reserve': asks('reserve_benefit', ['预占权益', 'Reserve a use of a benefit'], USE, use),
    '/api/v1/benefits/uses/{id}/confirm': decides('confirm_benefit_use', ['确认使用', 'Use what was reserved']),
    '/api/v1/benefits/uses/{id}/cancel': decides('cancel_benefit_use', ['取消使用', 'Put a use back']),
    '/api/v1/coupons': {
      get: operation('list_coupons_held', ['客户的优惠券', 'Coupons that a customer holds'], {
        parameters: [
          { name: 'customer_external_id', in: 'query', required: true, schema: { type: 'string', maxLength: 100 } },
        ],
        responses: {
          '200': { description: say(['每张券一行', 'One for each coupon']), ...json({ type: 'array', items: OBJECT }) },
          ...errors('bad_request', 'invalid'),
        },
      }),
    },
    '/api/v1/coupons/claim': asks('claim_coupon', ['领取优惠券', 'Claim a coupon'], CLAIM, {
      ...{ external_id: 'L-1', customer_external_id: 'C-77', template: 'newcomer_gift' },
    }),
    '/api/v1/coupons/quote': {
      post: operation('quote_coupons', ['试算优惠券', 'What coupons come to on an order'], {
        description: say([
          '不写入任何内容；结果与券的填写次序无关，不可用的券逐张说明原因。',
          'Writes nothing. The order in which coupons are named does not matter; of each that cannot be used the reason is told.',
        ]),
        requestBody: {
          required: true,
          ...json({
            ...objectOf(Object.entries(QUOTE.fields), {
              ...{ lang, sent: true, required: ['customer_external_id', 'coupons', 'lines'] },
            }),
            examples: [basket],
          }),
        },
        responses: {
          '200': {
            description: say([
              '每张券的优惠、赠品或原因，每行分摊与合计',
              'Discount, gift or refusal of each; part of each line; total',
            ]),
            ...json(OBJECT),
          },
          ...errors('bad_request', 'invalid'),
        },
      }),
    },
    '/api/v1/coupons/reserve': asks('reserve_coupons', ['预占优惠券', 'Hold coupons for an order'], RESERVE, {
      ...{ external_id: 'A-1001', ...basket },
    }),
    '/api/v1/coupons/reservations/{id}/confirm': decides(
      'confirm_coupons',
      ['核销优惠券', 'Redeem what was reserved'],
      OF_ORDER,
    ),
    '/api/v1/coupons/reservations/{id}/cancel': decides('cancel_coupons', ['取消核销', 'Give coupons back'], OF_ORDER),
    '/api/v1/customers/{external_id}/status': {
      get: operation('read_customer_status', ['客户的等级与积分', 'Where a customer stands'], {
        parameters: [path('external_id', { type: 'string', maxLength: 100 })],
        responses: {
          '200': {
            description: say(['等级、保级与升级进度、积分', 'Tier, what is missing to keep it and to rise, points']),
            ...json(OBJECT),
          },
          ...errors('bad_request', 'not_found'),
        },
      }),
    },
    '/api/v1/page-links': {
      post: operation('link_page', ['客户的页面链接', 'Link of a page for a customer'], {
        description: say([
          '链接代表该客户，只应出现在其本人的会员中心或消息里。',
          'The link stands for the customer: it belongs in their account or in a message to them.',
        ]),
        requestBody: {
          required: true,
          ...json({
            ...objectOf(Object.entries(PAGE_LINK.fields), {
              ...{ lang, sent: true, required: ['page', 'customer_external_id'] },
            }),
            examples: [{ page: 'newcomer_day', customer_external_id: 'C-77' }],
          }),
        },
        responses: {
          '200': {
            description: say(['带签名的页面地址', 'The signed address of the page']),
            ...json({ type: 'object', required: ['url'], properties: { url: { type: 'string' } } }),
          },
          ...errors('bad_request', 'invalid'),
        },
      }),
    },
    '/api/v1/customers/{external_id}/page-token': {
      get: operation('sign_page_token', ['页面访客的签名标识', 'A signed reference for a page'], {
        parameters: [path('external_id', { type: 'string', maxLength: 100 })],
        responses: {
          '200': {
            description: say([
              '用于页面脚本的 data-customer，至少 24 小时有效',
              'For data-customer of the tracker; holds for a day at least',
            ]),
            ...json({
              type: 'object',
              required: ['token'],
              properties: { token: { type: 'string' } },
            }),
          },
          ...errors('bad_request', 'not_found'),
        },
      }),
    },
    '/api/v1/customers/{external_id}/tasks': {
      get: operation('read_customer_tasks', ['客户的任务与头衔', 'Tasks and titles of a customer'], {
        parameters: [path('external_id', { type: 'string', maxLength: 100 })],
        responses: {
          '200': {
            description: say([
              '进行中、可开始与近 30 天结束的任务，各步骤的进度与奖励；有效的头衔与徽章',
              'Tasks that run, may be begun, or ended in the last 30 days, with each step and what it gives; titles and badges held',
            ]),
            ...json(TASKS),
          },
          ...errors('bad_request', 'not_found'),
        },
      }),
    },
  };
}

function path(name: string, schema: Schema): Schema {
  return { name, in: 'path', required: true, schema };
}

const OBJECT: Schema = { type: 'object' };
const OF_ORDER: Schema = {
  order_external_id: { type: ['string', 'null'], maxLength: 200 },
  order_source: { type: ['string', 'null'], maxLength: 60 },
};
const TASKS: Schema = {
  type: 'object',
  required: ['customer_external_id', 'tasks', 'titles'],
  properties: {
    customer_external_id: { type: 'string' },
    tasks: {
      type: 'array',
      items: {
        type: 'object',
        required: ['task', 'state', 'steps'],
        properties: {
          task: { type: 'string' },
          state: { type: 'string', enum: ['open', 'running', 'done', 'lapsed', 'taken_back'] },
          steps: { type: 'array', items: { type: 'object' } },
        },
      },
    },
    titles: { type: 'array', items: { type: 'object' } },
  },
};
const DONE: Schema = {
  type: 'object',
  required: ['answer', 'id', 'status'],
  properties: {
    answer: { type: 'string', enum: ['accepted', 'replayed'] },
    id: { type: 'integer' },
    status: { type: 'string' },
    differs: { type: 'boolean' },
  },
};
