/** Makes subscriptions: whoever asks must be able to read what they ask for, now and each time something is sent. */
import { sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Pair, Row } from '../contract.ts';
import type { Subscription, SubscriptionChoices, SubscriptionInput } from '../contract-alerts.ts';
import { type FieldFault, fieldErrors } from '../errors.ts';
import { accessOf } from '../records/access.ts';
import { recordAudit } from '../records/audit.ts';
import { nameOf, type Sight, sightOf } from './subscriber.ts';

const SHAPE: { [field in keyof SubscriptionInput]: (value: unknown) => boolean } = {
  about: (value) => value === 'report' || value === 'metric' || value === 'area',
  target: (value) => typeof value === 'string' && value.length > 0 && value.length <= 200,
  params: (value) => typeof value === 'string' && value.length <= 2000,
  channel: (value) => value === 'email' || value === 'webhook',
  endpoint_id: (value) => value === null || (Number.isSafeInteger(value) && Number(value) > 0),
  frequency: (value) => value === 'at_once' || value === 'daily' || value === 'weekly',
  weekday: (value) => value === null || within(value, 1, 7),
  hour: (value) => value === null || within(value, 0, 23),
  lang: (value) => value === 'zh' || value === 'en',
  when_quiet: (value) => value === 'skip' || value === 'send',
};
const WRONG: Pair = ['取值不正确', 'The value is not right'];

/** @throws Problem 422 naming each field that is wrong */
export function readInput(body: Row): SubscriptionInput {
  const errors: { [field: string]: FieldFault } = {};
  const wrong = (field: string, message: Pair) => {
    errors[field] = { key: 'invalid', message };
  };
  for (const field of Object.keys(body))
    if (!(field in SHAPE)) wrong(field, ['没有这个字段', 'There is no such field']);
  for (const [field, fits] of Object.entries(SHAPE)) if (!fits(body[field])) wrong(field, WRONG);
  const input = body as unknown as SubscriptionInput;
  const { channel, endpoint_id, frequency, weekday, hour } = input;
  if ((channel === 'webhook') !== (endpoint_id !== null && endpoint_id !== undefined))
    wrong('endpoint_id', [
      '选择 Webhook 时要指定接收地址',
      'A webhook is named where the channel is one, and nowhere else',
    ]);
  if ((frequency === 'at_once') !== (hour === null || hour === undefined))
    wrong('hour', ['汇总要选时间，立即发送不选', 'A digest has an hour, what is sent at once has none']);
  if ((frequency === 'weekly') !== (weekday !== null && weekday !== undefined))
    wrong('weekday', ['每周汇总要选星期几', 'A weekly digest has a weekday, and nothing else has']);
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  return input;
}

export async function choicesOf(
  deps: Deps,
  caller: Caller,
  { about, target }: Pick<SubscriptionInput, 'about' | 'target'>,
): Promise<SubscriptionChoices> {
  checkTarget(await sightOf(deps, caller), { about, target });
  const subscriptions = await deps.db
    .selectFrom('app.subscriptions')
    .select(FIELDS)
    .where('user_id', '=', caller.id)
    .where('about', '=', about)
    .where('target', '=', target)
    .orderBy('id')
    .execute();
  return {
    subscriptions: subscriptions as unknown as Subscription[],
    email: caller.email,
    endpoints: await endpointsFor(deps, caller),
  };
}

/** Subscribing to the same again by the same way changes the one there is. */
export async function subscribe(
  deps: Deps,
  input: SubscriptionInput,
  { caller, request_id }: { caller: Caller; request_id: string },
): Promise<{ subscription: Subscription; created: boolean }> {
  const [target_name, target_name_en] = checkTarget(await sightOf(deps, caller), input);
  if (input.endpoint_id !== null && !(await endpointsFor(deps, caller)).some(({ id }) => id === input.endpoint_id))
    throw fieldErrors({ endpoint_id: { key: 'invalid', message: ['没有可用的 Webhook', 'There is no such webhook'] } });
  const { frequency, weekday, hour, lang, when_quiet } = input;
  return deps.db.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto('app.subscriptions')
      .values({ ...input, target_name, target_name_en, user_id: caller.id })
      .onConflict((conflict) =>
        conflict.constraint('subscriptions_key').doUpdateSet({
          ...{
            target_name,
            target_name_en,
            frequency,
            weekday,
            hour,
            lang,
            when_quiet,
            status: 'active',
            updated_at: sql<string>`now()`,
          },
          version: sql<number>`subscriptions.version + 1`,
        }),
      )
      .returning([...FIELDS, sql<boolean>`subscriptions.version = 1`.as('created')])
      .executeTakeFirstOrThrow();
    const { created, ...subscription } = row;
    await recordAudit(trx, {
      ...{ caller, request_id, resource: 'subscriptions', record_id: row.id, action: created ? 'create' : 'update' },
      after: subscription as unknown as Row,
    });
    return { subscription: subscription as unknown as Subscription, created };
  });
}

/** By the address in an e-mail. @returns whether it was there */
export async function endSubscription({ db }: Deps, id: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const ended = await trx
      .updateTable('app.subscriptions')
      .set({ status: 'paused', version: sql<number>`version + 1`, updated_at: sql<string>`now()` })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    if (!ended) return false;
    await recordAudit(trx, {
      ...{ caller: null, resource: 'subscriptions', record_id: id, action: 'update' },
      ...{ after: { status: 'paused' }, reason: '邮件中的退订链接 | The link in an e-mail' },
    });
    return true;
  });
}

const FIELDS = [
  'id',
  'about',
  'target',
  'params',
  'channel',
  'endpoint_id',
  'frequency',
  'weekday',
  'hour',
  'lang',
  'when_quiet',
  'status',
] as const;

/** Those that the caller may see, and that their keepers let subscriptions go to. */
async function endpointsFor({ db, resources }: Deps, caller: Caller): Promise<SubscriptionChoices['endpoints']> {
  const resource = resources.get('webhook_endpoints');
  if (!resource || !accessOf(caller, resource).list) return [];
  return db
    .selectFrom('app.webhook_endpoints')
    .select(['id', 'name'])
    .where('status', '=', 'active')
    .where(sql<boolean>`topics @> array['subscription.told']`)
    .orderBy('name')
    .execute();
}

/** @returns what it is called. @throws Problem 422 */
function checkTarget(sight: Sight, { about, target }: Pick<SubscriptionInput, 'about' | 'target'>): Pair {
  const name = nameOf(sight, about, target);
  if (name) return name;
  throw fieldErrors({
    target: {
      key: 'invalid',
      message: ['没有这项内容，或没有权限查看', 'There is no such thing, or you may not see it'],
    },
  });
}

function within(value: unknown, low: number, high: number): boolean {
  return Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
}
