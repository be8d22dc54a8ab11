/** The in-site inbox of a customer, and what becomes of messages on their way. */
import type { Lang, Pair } from '../contract.ts';
import { REPORT } from '../routes/v1-messages.ts';
import { errors } from './parts.ts';
import type { Described } from './resource-paths.ts';
import { inLang, objectOf, type Schema } from './schemas.ts';
import { SHOP_TAG } from './shop-paths.ts';

export function messagePaths(lang: Lang): Described['paths'] {
  const say = (pair: Pair) => inLang(pair, lang);
  const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
  const customer = { name: 'external_id', in: 'path', required: true, schema: { type: 'string', maxLength: 100 } };
  const query = (name: string, schema: Schema) => ({ name, in: 'query', schema });
  const fields = Object.entries(REPORT.fields);
  const report: Schema = objectOf(fields, { lang, sent: true, required: ['message', 'status'] });
  return {
    '/api/v1/customers/{external_id}/messages': {
      get: {
        ...{
          operationId: 'list_customer_messages',
          tags: [SHOP_TAG],
          summary: say(['客户的站内信', 'A customer’s inbox']),
        },
        parameters: [
          customer,
          query('unread', { type: 'string', enum: ['0', '1'] }),
          query('before', {
            type: 'integer',
            minimum: 1,
            description: say(['上一页的 next', 'next of the page before']),
          }),
        ],
        responses: {
          '200': {
            description: say(['由新到旧，每页 50 条', 'Newest first, fifty a page']),
            ...json({
              type: 'object',
              properties: {
                messages: { type: 'array', items: { type: 'object' } },
                next: { type: ['integer', 'null'] },
              },
            }),
          },
          ...errors('bad_request', 'invalid'),
        },
      },
    },
    '/api/v1/customers/{external_id}/messages/read': {
      post: {
        ...{ operationId: 'read_customer_messages', tags: [SHOP_TAG], summary: say(['标记已读', 'Mark as read']) },
        parameters: [customer],
        requestBody: {
          required: true,
          ...json({
            type: 'object',
            properties: { ids: { type: ['array', 'null'], items: { type: 'integer' }, maxItems: 1000 } },
            examples: [{ ids: [1, 2] }],
          }),
        },
        responses: {
          '200': {
            description: say(['新标记的条数', 'How many were new']),
            ...json({ type: 'object', properties: { read: { type: 'integer' } } }),
          },
          ...errors('bad_request', 'invalid'),
        },
      },
    },
    '/api/v1/messages/status': {
      post: {
        ...{ operationId: 'report_messages', tags: [SHOP_TAG], summary: say(['消息送达回执', 'Delivery reports']) },
        requestBody: {
          required: true,
          ...json({
            oneOf: [report, { type: 'array', items: report, minItems: 1, maxItems: 1000 }],
            examples: [{ message: 4711, status: 'delivered' }],
          }),
        },
        responses: {
          '200': {
            description: say(['每条一个答复：accepted 或 unknown', 'One answer for each: accepted or unknown']),
            ...json({}),
          },
          ...errors('bad_request', 'invalid'),
        },
      },
    },
  };
}
