/** What a customer reached in tasks and lost again, with what it gave; titles given and taken away. */
import type { Pair } from '../contract.ts';
import { REFUSALS } from '../coupon-refusals.ts';
import type { Said, Sayer } from './customer-sentences.ts';
import { count } from './words.ts';

interface Grant {
  kind: 'coupon' | 'points' | 'package' | 'title';
  state: string;
  refusal?: string;
  points?: number;
  /** Of a package: uses that stay, although it was taken back. */
  used?: number;
  name?: Pair;
}

/** What a task could not give, and what a card that somebody holds already is called. */
const WHY: { [reason: string]: Pair } = { ...REFUSALS, duplicate: ['已持有', 'The customer has it already'] };

export const TASKS: { [kind: string]: Sayer } = {
  task: (data): Said => {
    const [task, task_en] = (data.task as unknown as Pair | undefined) ?? ['', ''];
    const [name, name_en] = (data.name as unknown as Pair | undefined) ?? ['', ''];
    const [title, title_en] = (data.title as unknown as Pair | undefined) ?? ['', ''];
    const grants = (data.grants ?? []) as unknown as Grant[];
    const turn = Number(data.turn ?? 1);
    const by = data.by ? { by: String(data.by) } : {};
    switch (data.step) {
      case 'reached':
        return {
          text: [
            `任务“${task}”：达成“${name}”${turn > 1 ? `（第 ${turn} 次）` : ''}`,
            `Task “${task_en}”: reached “${name_en}”${turn > 1 ? ` (${turn} times)` : ''}`,
          ],
          tone: 'good',
          // What became of it later is told when it did.
          reasons: grants.map((grant) => given({ ...grant, state: grant.state === 'refused' ? 'refused' : 'given' })),
        };
      case 'taken':
        return {
          text: [`任务“${task}”：“${name}”不再达成`, `Task “${task_en}”: “${name_en}” is reached no longer`],
          tone: 'warning',
          reasons: grants.map(given),
        };
      case 'title':
        return {
          text: [`获得“${title}”`, `Was given “${title_en}”`],
          tone: 'good',
          reasons: [
            [`原因：${data.reason}`, `Reason: ${data.reason}`],
            ...(data.until_at ? [[`有效至 ${data.until_at}`, `Until ${data.until_at}`] as const] : []),
          ],
          ...by,
        };
      default:
        return {
          text: [`“${title}”被撤销`, `“${title_en}” was revoked`],
          tone: 'warning',
          reasons: [[`原因：${data.reason}`, `Reason: ${data.reason}`]],
          ...by,
        };
    }
  },
};

/** What a step gave, and what became of it. */
function given({ kind, state, refusal, points, used, name }: Grant): Pair {
  const what: Pair =
    kind === 'points' ? [`${count(points)} 积分`, `${count(points)} points`] : [`“${name?.[0]}”`, `“${name?.[1]}”`];
  switch (state) {
    case 'refused': {
      const [zh, en] = WHY[refusal ?? ''] ?? [refusal ?? '', refusal ?? ''];
      return [`未发放${what[0]}：${zh}`, `${what[1]} not given: ${en}`];
    }
    case 'taken_back':
      return used
        ? [`收回${what[0]}，已用 ${count(used)} 次保留`, `${what[1]} taken back; ${count(used)} used stay`]
        : [`收回${what[0]}`, `${what[1]} taken back`];
    case 'kept':
      return [`${what[0]}已使用，不收回`, `${what[1]} was used and is not taken back`];
    default:
      return [`获得${what[0]}`, `Got ${what[1]}`];
  }
}
