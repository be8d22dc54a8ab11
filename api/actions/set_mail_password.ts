/** The password by which we sign in at a mail server. It is kept locked, and shown to nobody again. */
import { keepSecret } from '../outbox/secrets.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  await keepSecret(trx, deps.config, {
    owner: { kind: 'message_adapters', record_id: id! },
    secret: String(input.password),
    ...{ old_hours: 0, user_id: writer.caller.id },
  });
  // Said to be a secret, and empty: what was typed neither waits for anybody's consent nor is shown.
  return { message: ['密码已保存', 'The password is kept'], secret: null };
};
