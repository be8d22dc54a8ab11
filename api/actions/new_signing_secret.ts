/** A new secret that signs what is posted to others, shown this once. The one before signs beside it for a while. */
import { keepSecret, makeSecret, type Owner } from '../outbox/secrets.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, before, input, writer, trx }) => {
  const secret = makeSecret();
  const kind: Owner['kind'] = before && 'topics' in before ? 'webhook_endpoints' : 'message_adapters';
  await keepSecret(trx, deps.config, {
    owner: { kind, record_id: id! },
    ...{ secret, old_hours: Number(input.old_hours), user_id: writer.caller.id },
  });
  return { message: ['新密钥已生效', 'The new secret is in force'], secret };
};
