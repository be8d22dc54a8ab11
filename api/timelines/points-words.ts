/** What a fact did with points, in words: earned, taken back, owed. */
import type { Json, Pair } from '../contract.ts';
import { count } from './words.ts';

type Data = { [name: string]: Json };

/** What a fact earned, after the comma. */
export function gained({ earned, growth }: Data): Pair | null {
  const parts: Pair[] = [];
  if (earned) parts.push([`${count(earned)} 积分`, `${count(earned)} points`]);
  if (growth) parts.push([`${count(growth)} 成长值`, `${count(growth)} growth value`]);
  if (parts.length === 0) return null;
  return [`得 ${parts.map(([zh]) => zh).join('、')}`, `earned ${parts.map(([, en]) => en).join(' and ')}`];
}

export function taken({ taken: points, taken_growth: growth }: Data): Pair | null {
  const parts: Pair[] = [];
  if (points) parts.push([`${count(points)} 积分`, `${count(points)} points`]);
  if (growth) parts.push([`${count(growth)} 成长值`, `${count(growth)} growth value`]);
  if (parts.length === 0) return null;
  return [`追回 ${parts.map(([zh]) => zh).join('、')}`, `${parts.map(([, en]) => en).join(' and ')} taken back`];
}

/** What else it moved: debts, and that it came late. */
export function moved({ owed, repaid, written_off, corrected }: Data): Pair[] {
  const said: Pair[] = [];
  if (owed)
    said.push([`已用掉的 ${count(owed)} 积分记为欠账`, `${count(owed)} points were spent already and are owed`]);
  if (repaid) said.push([`其中 ${count(repaid)} 积分用于还欠账`, `${count(repaid)} points paid what was owed`]);
  if (written_off)
    said.push([`${count(written_off)} 积分按政策核销`, `${count(written_off)} points were written off by the policy`]);
  if (corrected)
    said.push([
      '因更早的订单或退货后到，已重算并补记',
      'Done again and corrected, because something earlier came late',
    ]);
  return said;
}
