/** What others are told, as they receive it. */
import type { Lang, Pair } from '../contract.ts';
import { TOPICS_IN_FULL, type Topic } from '../outbox/topics.ts';
import { inLang, objectOf, type Schema } from './schemas.ts';

/** By topic: the request that an endpoint gets. */
export function webhooks(lang: Lang): { [topic: string]: { post: Schema } } {
  return Object.fromEntries([...TOPICS_IN_FULL].map(([name, topic]) => [name, { post: delivery(name, topic, lang) }]));
}

function delivery(name: string, { label, data, about }: Topic, lang: Lang): Schema {
  const say = (pair: Pair) => inLang(pair, lang);
  const header = (called: string, description: Pair, schema: Schema = { type: 'string' }) => ({
    ...{ name: called, in: 'header', required: called !== 'Evergreen-Signature' },
    ...{ description: say(description), schema },
  });
  const fields = Object.entries(data);
  const whose = about === 'programme' ? {} : { customer_external_id: { type: 'string' } };
  return {
    operationId: `told_${name.replace('.', '_')}`,
    summary: say(label),
    parameters: [
      header('Idempotency-Key', ['每次尝试都相同', 'The same at each attempt']),
      header('Evergreen-Topic', ['通知内容', 'Told of'], { type: 'string', const: name }),
      header('Evergreen-Signature', [
        't=<秒>,v1=<十六进制>：以密钥对“<t>.<正文>”做 HMAC-SHA256；更换密钥期间有两个 v1',
        't=<seconds>,v1=<hex>: HMAC-SHA256 over "<t>.<body>" with the secret; two v1 while it is being replaced',
      ]),
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['id', 'topic', 'occurred_at', ...Object.keys(whose), 'data'],
            properties: {
              id: { type: 'integer' },
              topic: { type: 'string', const: name },
              occurred_at: { type: 'string', format: 'date-time' },
              ...whose,
              data: objectOf(fields, { lang, sent: false, required: fields.map(([field]) => field) }),
            },
          },
        },
      },
    },
    responses: {
      '2XX': { description: say(['已收到；其他回应会重试', 'Received; anything else is tried again']) },
    },
  };
}
