/** What a customer was written, and what came of it, in words. */
import type { Pair } from '../contract.ts';
import { CHANNELS, type Channel, REASONS, STATES } from '../outbox/channels.ts';
import type { Sayer } from './customer-sentences.ts';

const TONES = { failed: 'warning', suppressed: 'quiet' } as const;

export const MESSAGES: { [kind: string]: Sayer } = {
  message: ({ channel, state, reason, clicks, template }) => {
    const [zh, en] = template as unknown as Pair;
    const by = CHANNELS[channel as Channel];
    const became = STATES[state as keyof typeof STATES];
    const why = reason === null ? null : REASONS[reason as keyof typeof REASONS];
    return {
      text: [`${by[0]}消息“${zh}”：${became[0]}`, `${by[1]} message “${en}”: ${became[1].toLowerCase()}`],
      tone: TONES[state as keyof typeof TONES] ?? 'info',
      reasons: [...(why ? [why] : []), ...(clicks ? [[`点击 ${clicks} 次`, `Followed ${clicks} times`] as const] : [])],
    };
  },
};
