import { type CellProps, type FieldKindView, NUMBER_OPERATORS } from '../kind.ts';
import { formatInteger } from '../numbers.ts';

const IntegerCell = ({ field, value }: CellProps) => (
  <span className="cell-number">{field.kind === 'integer' && field.plain ? String(value) : formatInteger(value)}</span>
);

export default { Cell: IntegerCell, align: 'right', operators: NUMBER_OPERATORS, width: 96 } satisfies FieldKindView;
