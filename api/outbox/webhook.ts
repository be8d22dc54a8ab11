/** Messages by webhook: SMS, push, WeCom and communities go to whatever the shop has connected, as signed JSON. */
import type { Outcome, Parcel } from './parcel.ts';
import { post, Unreached } from './post.ts';
import { SIGNATURE_HEADER, signature } from './signature.ts';

/** Answers by which a receiver says that this message will never do. */
const NEVER = [400, 410, 422];

/**
 * Posts a message. Idempotency-Key is the same at each attempt: a receiver who keeps it does not send twice what was posted again
 * because its first answer was lost.
 */
export async function sendByWebhook(
  { url, timeout_seconds, allow_private }: { url: string; timeout_seconds: number; allow_private: boolean },
  secrets: readonly string[],
  parcel: Parcel,
): Promise<Outcome> {
  const { id, channel, template, test, to, customer_no, language, subject, body: text } = parcel;
  // The same, letter by letter, at each attempt.
  const body = JSON.stringify({
    ...{ id, channel, template, test, to, customer_external_id: customer_no, language, subject, body: text },
  });
  const headers = {
    'idempotency-key': `evergreen-message-${parcel.id}`,
    ...(secrets.length > 0 ? { [SIGNATURE_HEADER]: signature(secrets, { body, at: Date.now() }) } : {}),
  };
  try {
    const answer = await post(url, { body, headers, timeout_seconds, allow_private });
    const said = `${answer.status} ${answer.body}`.slice(0, 300);
    if (answer.status >= 200 && answer.status < 300) return { outcome: 'sent', said, number: numberIn(answer.body) };
    if (NEVER.includes(answer.status)) return { outcome: 'refused', said, number: null };
    return { outcome: 'unsent', said, number: null, retry_seconds: answer.retry_after };
  } catch (error) {
    if (!(error instanceof Unreached)) throw error;
    return { outcome: error.sure ? 'unsent' : 'unclear', said: error.message.slice(0, 300), number: null };
  }
}

function numberIn(body: string): string | null {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 100) : null;
  } catch {
    return null;
  }
}
