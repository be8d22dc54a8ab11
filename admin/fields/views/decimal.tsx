import { type CellProps, type FieldKindView, NUMBER_OPERATORS } from '../kind.ts';
import { formatDecimal } from '../numbers.ts';

function DecimalCell({ field, value }: CellProps) {
  return <span className="cell-number">{formatDecimal(value, field.kind === 'decimal' ? field.scale : 2)}</span>;
}

export default { Cell: DecimalCell, align: 'right', operators: NUMBER_OPERATORS, width: 120 } satisfies FieldKindView;
