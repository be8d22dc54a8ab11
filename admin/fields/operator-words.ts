/** What a comparison is called: days and times are earlier or later, not smaller or larger. */
import type { Field, ValueType } from '../../api/contract.ts';
import type { Speech, TextKey } from '../i18n/index.ts';
import type { Operator } from './kind.ts';

const OF_DAYS = ['eq', 'gt', 'gte', 'lt', 'lte'];

export function sayOperator(operator: Operator, of: Field['kind'] | ValueType | undefined, t: Speech['t']): string {
  const timely = of === 'date' || of === 'datetime' || of === 'time';
  return t(timely && OF_DAYS.includes(operator) ? (`op_day.${operator}` as TextKey) : (`op.${operator}` as TextKey));
}
