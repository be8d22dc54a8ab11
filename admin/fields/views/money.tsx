import { useMeta } from '../../meta/meta.tsx';
import { type CellProps, type FieldKindView, NUMBER_OPERATORS } from '../kind.ts';
import { formatMoney } from '../numbers.ts';

function MoneyCell({ value }: CellProps) {
  const { currency } = useMeta().settings;
  return <span className="cell-number">{formatMoney(value, currency)}</span>;
}

export default { Cell: MoneyCell, align: 'right', operators: NUMBER_OPERATORS, width: 130 } satisfies FieldKindView;
