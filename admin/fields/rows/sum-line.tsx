import type { Field, Row, RowSum } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { useMeta } from '../../meta/meta.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { fromUnits, shareOut, toUnits, unitScale } from '../exact.ts';
import { formatDecimal, formatMoney, formatRate } from '../numbers.ts';

/** What a column adds up to, what is missing to its goal, and the way to share that out. */
export function SumLine({
  sum,
  fields,
  rows,
  record,
  disabled,
  onSpread,
}: {
  sum: RowSum;
  fields: { [name: string]: Field };
  rows: readonly Row[];
  record: Row | undefined;
  disabled: boolean;
  onSpread(rows: Row[]): void;
}) {
  const { t, say } = useLang();
  const { currency } = useMeta().settings;
  const field = fields[sum.field];
  if (!field || rows.length === 0) return null;
  const scale = unitScale(field);
  const goal = toUnits(typeof sum.equals === 'string' ? sum.equals : record?.[sum.equals.$field], scale);
  const values = rows.map((row) => toUnits(row[sum.field], scale) ?? 0n);
  const total = values.reduce((all, value) => all + value, 0n);
  const show = (units: bigint) => {
    const text = fromUnits(units, scale);
    if (field.kind === 'money') return formatMoney(text, currency);
    return field.kind === 'rate' ? formatRate(text) : formatDecimal(text, scale);
  };
  const weights = sum.weights ? fields[sum.weights] : undefined;
  const spread = (goal_units: bigint, by: Field | undefined) => {
    // A percentage is shared out in hundredths of a percent, so that people can read it.
    const coarse = field.kind === 'rate' && goal_units % 100n === 0n ? 100n : 1n;
    const shares = shareOut(
      goal_units / coarse,
      by ? rows.map((row) => toUnits(row[sum.weights!], unitScale(by)) ?? 0n) : values,
    );
    onSpread(rows.map((row, at) => ({ ...row, [sum.field]: wireUnits(field, shares[at]! * coarse, scale) })));
  };
  const rest = goal === null ? null : goal - total;
  const label = say(field.label);
  return (
    <div className={`row-sum${rest === null ? '' : rest === 0n ? ' row-sum-good' : ' row-sum-open'}`}>
      <span>
        {rest === null ? null : <Icon name={rest === 0n ? 'check' : 'warning'} size={15} />}
        {t('rows.sum', { label })} <strong>{show(total)}</strong>
        {goal === null ? null : (
          <>
            {' '}
            / {show(goal)}
            {t('semicolon')}
            {rest! < 0n ? t('rows.over', { rest: show(-rest!) }) : t('rows.rest', { rest: show(rest!) })}
          </>
        )}
      </span>
      {goal !== null && goal >= 0n && weights ? (
        <Button small disabled={disabled} onClick={() => spread(goal, weights)}>
          {t('rows.spread_by', { label, by: say(weights.label) })}
        </Button>
      ) : null}
      {goal !== null && goal >= 0n && rest !== 0n && !weights ? (
        <Button small disabled={disabled} onClick={() => spread(goal, undefined)}>
          {t('rows.spread', { label })}
        </Button>
      ) : null}
    </div>
  );
}

/** Whole numbers travel as numbers, everything finer as text; a rate without the zeros at its end. */
function wireUnits(field: Field, units: bigint, scale: number): string | number {
  const text = fromUnits(units, scale);
  if (scale === 0) return Number(text);
  return field.kind === 'rate' ? text.replace(/\.?0+$/, '') : text;
}
