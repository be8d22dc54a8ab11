/** What is sent to staff goes through the mail server that customers' e-mails go through. */
import type { Deps } from '../context.ts';
import type { Outcome } from './parcel.ts';
import { readSecrets } from './secrets.ts';
import { type Letter, type MailPools, sendLetter } from './smtp.ts';

export interface StaffMail {
  /** @throws Error where the server's password cannot be read */
  send(letter: Letter): Promise<Outcome>;
}

/** @returns null while there is no mail server that is in use */
export async function staffMail(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  pools: MailPools,
): Promise<StaffMail | null> {
  const server = await db
    .selectFrom('app.message_adapters')
    .selectAll()
    .where('channel', '=', 'email')
    .where('kind', '=', 'smtp')
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (!server) return null;
  return {
    send: async (letter) => {
      const [password = null] = await readSecrets(db, config, { kind: 'message_adapters', record_id: server.id });
      return sendLetter(pools, server, password, letter);
    },
  };
}

/** What could not even be written or handed over. */
export function unsent(error: Error): Outcome {
  return { outcome: 'unsent', said: error.message.slice(0, 300), number: null };
}
