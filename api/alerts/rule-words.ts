/** When a status rule speaks, in words for those who do not write rules. */
import { shortValue, showValue } from '../../reports/cell-value.ts';
import type { Lang, Pair } from '../contract.ts';
import type { AlertRule } from './rules.ts';

type Threshold = 'warn' | 'bad';

/** @returns at what it warns, or is bad; null where the rule has no such threshold */
export function thresholdWords(rule: AlertRule, threshold: Threshold, currency: string): Pair | null {
  if (isOfTarget(rule))
    return threshold === 'bad'
      ? ['没有达到目标', 'The target is missed']
      : ['按进度有可能达不到目标', 'The target is at risk'];
  const amount = rule[threshold];
  if (amount === null) return null;
  return rule.against === 'value' ? ofAmount(rule, amount, currency) : ofShare(rule, amount);
}

/** How many periods must be wrong before it speaks. */
export function inARow({ for: times }: AlertRule): Pair {
  return times === 1
    ? ['一个周期就提醒', 'One period is enough']
    : [`连续 ${times} 个周期`, `${times} periods in a row`];
}

/** @param minutes between two looks */
export function howOften(minutes: number): Pair {
  if (minutes >= 1440) return ['每天一次，异常期间更频繁', 'Once a day; more often while something is wrong'];
  return minutes % 60 === 0
    ? [`每 ${minutes / 60} 小时`, minutes === 60 ? 'Every hour' : `Every ${minutes / 60} hours`]
    : [`每 ${minutes} 分钟`, `Every ${minutes} minutes`];
}

/** The target itself says when it is missed. */
const isOfTarget = ({ warn, bad }: AlertRule) => warn === null && bad === null;

function ofAmount({ side, unit }: AlertRule, amount: string, currency: string): Pair {
  const shown = (lang: Lang) => showValue(amount, { role: 'measure', label: ['', ''], unit }, { lang, currency });
  return side === 'below'
    ? [`不高于 ${shown('zh')}`, `At most ${shown('en')}`]
    : [`不低于 ${shown('zh')}`, `At least ${shown('en')}`];
}

function ofShare({ side, against }: AlertRule, share: string): Pair {
  const than: Pair = against === 'target' ? ['目标', 'the target'] : ['上一周期', 'the period before'];
  const size = shortValue(Number(share.replace('-', '')), 'rate', READER);
  const falls = share.startsWith('-');
  const way: Pair = falls ? ['低', 'below'] : ['高', 'above'];
  // Less than ten percent above is wrong, too, where growth is what is wanted.
  return falls === (side === 'below')
    ? [`比${than[0]}${way[0]} ${size} 或更多`, `${size} or more ${way[1]} ${than[1]}`]
    : [`比${than[0]}${way[0]}不到 ${size}`, `Less than ${size} ${way[1]} ${than[1]}`];
}

/** Shares are written alike in both languages. */
const READER = { lang: 'en', currency: 'CNY' } as const;
