/** The API as OpenAPI 3.1, as one caller may use it: what they may not see or do is not in it. */
import type { Caller, Deps } from '../context.ts';
import type { Field, Lang } from '../contract.ts';
import { EVENT_FIELDS, ORDER_FIELDS, RETURN_FIELDS } from '../facts/fields.ts';
import { inMenuOrder } from '../groups.ts';
import { standsFor } from '../records/access.ts';
import { hasScope } from '../sign-in/token-scopes.ts';
import { messagePaths } from './message-paths.ts';
import { components, errors } from './parts.ts';
import { type Described, describeResource } from './resource-paths.ts';
import { inLang, objectOf, type Schema } from './schemas.ts';
import { SHOP_TAG, shopPaths } from './shop-paths.ts';
import { webhooks } from './webhooks.ts';

const VERSION = '1';

export function openApi(deps: Deps, caller: Caller, lang: Lang): Schema {
  const paths: Described['paths'] = {};
  const schemas: Described['schemas'] = {};
  const tags: Schema[] = [];
  if (standsFor(caller, ['operator']) && hasScope(caller, 'facts:write')) {
    tags.push({
      name: 'facts',
      description: inLang(
        [
          '订单、退货与客户行为（来自商城、CRM）',
          'Orders, returns and what customers do beside, from shops and CRM systems',
        ],
        lang,
      ),
    });
    tags.push({
      name: SHOP_TAG,
      description: inLang(['积分抵扣、权益与客户状态', 'Points as payment, benefits, where a customer stands'], lang),
    });
    Object.assign(paths, factPath('orders', ['写入订单', 'Send orders'], ORDER_FIELDS, lang));
    Object.assign(paths, factPath('returns', ['写入退货', 'Send returns'], RETURN_FIELDS, lang));
    Object.assign(paths, factPath('events', ['写入客户行为', 'Send events'], EVENT_FIELDS, lang));
    Object.assign(paths, shopPaths(lang), messagePaths(lang));
  }
  for (const resource of inMenuOrder(deps.resources.values())) {
    const found = describeResource(resource, { resources: deps.resources, caller, lang });
    if (!found) continue;
    tags.push({ name: resource.name, description: inLang(resource.label, lang) });
    Object.assign(paths, found.paths);
    Object.assign(schemas, found.schemas);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: inLang(['常青 API', 'Evergreen API'], lang),
      version: VERSION,
      description: inLang(
        [
          '金额等小数为字符串（"12.50"），日期为 YYYY-MM-DD，时间为 UTC 的 RFC 3339。请求语言由 Accept-Language 决定。',
          'Money and other decimals are strings ("12.50"), dates YYYY-MM-DD, times RFC 3339 in UTC. Accept-Language chooses the language of sentences.',
        ],
        lang,
      ),
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    tags,
    paths,
    ...(tags.length > 0 ? { webhooks: webhooks(lang) } : {}),
    components: components(lang, schemas),
  };
}

function factPath(
  kind: string,
  label: readonly [string, string],
  fields: { [name: string]: Field },
  lang: Lang,
): Described['paths'] {
  const say = (zh: string, en: string) => inLang([zh, en], lang);
  const all = Object.entries(fields);
  const required = all.filter(([, field]) => field.required && field.default === undefined).map(([name]) => name);
  const one = { ...objectOf(all, { lang, sent: true, required }), examples: [EXAMPLES[kind]] };
  const answer = (description: string) => ({ description, content: { 'application/json': { schema: ANSWER } } });
  return {
    [`/api/v1/${kind}`]: {
      post: {
        operationId: `send_${kind}`,
        tags: ['facts'],
        summary: inLang(label, lang),
        description: say(
          '一条，或最多 1,000 条的数组。以 source 和 external_id 识别，重复提交返回首次的结果。',
          'One, or a list of up to 1,000. Known by source and external_id: sent again, the first answer comes back.',
        ),
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { anyOf: [one, { type: 'array', maxItems: 1000, items: one }] } } },
        },
        responses: {
          '200': {
            description: say('已收到过，或一组的结果', 'Sent before; or the results of a list'),
            content: { 'application/json': { schema: { anyOf: [ANSWER, RESULTS] } } },
          },
          '201': answer(say('已接受', 'Accepted')),
          '202': answer(say('等待对应的订单', 'Waiting for its order')),
          ...errors('bad_request', 'invalid'),
        },
      },
    },
  };
}

const EXAMPLES: { [kind: string]: Schema } = {
  orders: {
    ...{ external_id: 'A-1001', customer_external_id: 'C-77', placed_at: '2026-03-01T12:30:00+08:00' },
    lines: [{ sku: 'TEA-01', quantity: 2, unit_price: '39.90' }],
  },
  returns: {
    ...{ external_id: 'R-2001', order_external_id: 'A-1001', returned_at: '2026-03-05T09:00:00+08:00' },
    ...{ sku: 'TEA-01', quantity: 1, amount: '39.90' },
  },
  events: {
    ...{
      external_id: 'E-3001',
      kind: 'review',
      customer_external_id: 'C-77',
      occurred_at: '2026-03-08T20:00:00+08:00',
    },
    ...{ order_external_id: 'A-1001', sku: 'TEA-01', rating: 5, channel: 'app' },
  },
};
const ANSWER: Schema = {
  type: 'object',
  required: ['external_id', 'status', 'id'],
  properties: {
    external_id: { type: ['string', 'null'] },
    status: { type: 'string', enum: ['accepted', 'replayed', 'waiting_for_order', 'rejected'] },
    id: { type: ['integer', 'null'] },
    order_id: { type: ['integer', 'null'] },
    amount: { type: 'string' },
    differs: { type: 'boolean' },
  },
};
const RESULTS: Schema = {
  type: 'object',
  required: ['results'],
  properties: {
    results: {
      type: 'array',
      items: { type: 'object', required: ['code'], properties: { code: { type: 'integer' } } },
    },
  },
};
