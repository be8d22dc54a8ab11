/** What automations did for a customer, in words: one sentence for a journey at a moment, and each of its steps as a reason. */
import { OUTCOMES, STEP_REASONS, TRIGGER_FACTS } from '../automation-words.ts';
import type { Pair } from '../contract.ts';
import type { Said, Sayer } from './customer-sentences.ts';

interface Told {
  kind: string;
  outcome: keyof typeof OUTCOMES;
  reason?: string;
  until_at?: string;
  name: [string | null, string | null];
}

const BEGAN: { [trigger: string]: Pair } = {
  segment_enter: ['因进入触发客群', 'Because they came into its segment'],
  segment_leave: ['因离开触发客群', 'Because they left its segment'],
  birthday: ['因生日将至', 'Because of their birthday'],
  anniversary: ['因入会周年', 'Because of the anniversary of their enrolment'],
  calendar: ['因到了设定日期', 'Because the day of its calendar had come'],
};

export const AUTOMATIONS: { [kind: string]: Sayer } = {
  automation: ({ automation, trigger, trigger_fact, steps: list }): Said => {
    const [zh, en] = automation as unknown as Pair;
    const steps = list as unknown as Told[];
    const [first, last] = [steps[0], steps.at(-1)];
    const done = steps.filter(({ kind }) => kind !== 'entry' && kind !== 'end').map(said);
    const refused = steps.some(({ outcome }) => outcome === 'refused');
    if (first?.outcome === 'held_out')
      return {
        text: [`自动化“${zh}”：分入对照组，不触达`, `Automation “${en}”: left out, to compare with`],
        tone: 'quiet',
        reasons: [began(String(trigger), String(trigger_fact))],
      };
    const began_now = first?.outcome === 'entered';
    const reasons = [...(began_now ? [began(String(trigger), String(trigger_fact))] : []), ...done];
    if (last?.outcome === 'exited')
      return {
        text: [`提前退出自动化“${zh}”`, `Left the automation “${en}” early`],
        tone: refused ? 'warning' : 'quiet',
        reasons: [...reasons, why(last.reason)],
      };
    const ended = last?.outcome === 'finished';
    return {
      text: began_now
        ? ended
          ? [`进入并走完自动化“${zh}”`, `Went through the automation “${en}”`]
          : [`进入自动化“${zh}”`, `Entered the automation “${en}”`]
        : ended
          ? [`走完自动化“${zh}”`, `Came to the end of the automation “${en}”`]
          : [`自动化“${zh}”向前推进`, `Went on in the automation “${en}”`],
      tone: refused ? 'warning' : 'info',
      reasons,
    };
  },
};

function began(trigger: string, fact: string): Pair {
  const happened = TRIGGER_FACTS[fact as keyof typeof TRIGGER_FACTS];
  if (trigger === 'fact' && happened) return [`因${happened[0]}`, `Because of: ${happened[1].toLowerCase()}`];
  return BEGAN[trigger] ?? ['符合条件', 'They met its conditions'];
}

/** "等 3 天：等到 2026-01-13 10:00", "发时光礼券：未执行（已发完）". */
function said({ outcome, reason, until_at, name: [zh, en] }: Told): Pair {
  const [came, came_en] = OUTCOMES[outcome];
  if (until_at) return [`${zh}：等到 ${until_at}`, `${en}: until ${until_at}`];
  if (!reason) return [`${zh}：${came}`, `${en}: ${came_en.toLowerCase()}`];
  const [because, because_en] = why(reason);
  return [`${zh}：${came}（${because}）`, `${en}: ${came_en.toLowerCase()} (${because_en})`];
}

const why = (reason: string | undefined): Pair => STEP_REASONS[reason ?? ''] ?? [reason ?? '', reason ?? ''];
