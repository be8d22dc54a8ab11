/** What became of a customer's benefits, in words: granted, taken back, used, given back, lapsed. */
import type { Pair } from '../contract.ts';
import type { Said, Sayer } from './customer-sentences.ts';
import { count, day } from './words.ts';

const GRANTED: { [why: string]: Pair } = {
  period: ['按周期发放', 'Granted by the period'],
  entry: ['进入等级或客群时发放', 'Granted on entering a tier or segment'],
  manual: ['人工发放', 'Granted by hand'],
};
interface Lost {
  benefit: Pair;
  uses: number;
}
const STATUS: { [status: string]: Pair } = {
  reserved: ['已预占，待确认', 'Reserved, not confirmed yet'],
  waiting: ['待人工处理', 'Waiting to be done by hand'],
};

export const BENEFITS: { [kind: string]: Sayer } = {
  benefit: (data): Said => {
    const [zh, en] = (data.benefit as unknown as Pair | undefined) ?? ['', ''];
    const pack = data.package as unknown as Pair | undefined;
    const of: Pair[] =
      pack && data.step !== 'granted' && data.step !== 'ended'
        ? [[`来自权益包“${pack[0]}”`, `Of the package “${pack[1]}”`]]
        : [];
    const note: Pair[] = data.note ? [[`备注：${data.note}`, `Note: ${data.note}`]] : [];
    switch (data.step) {
      case 'granted':
        return {
          text: [`获得权益包“${pack?.[0]}”`, `Got the package “${pack?.[1]}”`],
          tone: 'good',
          reasons: [
            data.why === 'manual' && !data.by
              ? ['由自动化或任务发放', 'By an automation or a task']
              : (GRANTED[String(data.why)] ?? [String(data.why), String(data.why)]),
            [`有效至 ${day(data.last_on)}`, `Through ${day(data.last_on)}`],
            ...note,
          ],
          ...(data.by ? { by: String(data.by) } : {}),
        };
      case 'ended':
        return {
          text: [`收回权益包“${pack?.[0]}”`, `The package “${pack?.[1]}” was taken back`],
          tone: 'warning',
          reasons: [['任务不再达成；已使用的保留', 'Its task is reached no longer; what was used stays']],
        };
      case 'used': {
        const status = STATUS[String(data.status)];
        return {
          text: [`使用权益“${zh}”`, `Used the benefit “${en}”`],
          tone: 'info',
          reasons: [...of, ...(status ? [status] : []), ...note],
        };
      }
      case 'given_back':
        return {
          text: [`退回权益“${zh}”`, `Gave back the benefit “${en}”`],
          tone: 'warning',
          reasons: [...of, ...(data.reason ? [[`原因：${data.reason}`, `Reason: ${data.reason}`] as const] : [])],
        };
      default:
        return {
          text: lapsed((data.lost as unknown as Lost[] | undefined) ?? []),
          tone: 'quiet',
          reasons: [['周期已结束，未结转', 'The period was over, and they were not brought along']],
        };
    }
  },
};

/** What a day took of one benefit or of several. */
function lapsed(lost: readonly Lost[]): Pair {
  const [one] = lost;
  if (one && lost.length === 1)
    return [
      `权益“${one.benefit[0]}”剩余 ${count(one.uses)} 次到期失效`,
      `${count(one.uses)} left of the benefit “${one.benefit[1]}” lapsed`,
    ];
  return [
    `权益到期失效：${lost.map(({ benefit, uses }) => `${benefit[0]} ${count(uses)} 次`).join('、')}`,
    `Benefits lapsed: ${lost.map(({ benefit, uses }) => `${benefit[1]} (${count(uses)})`).join(', ')}`,
  ];
}
