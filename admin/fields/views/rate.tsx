import { type CellProps, type FieldKindView, NUMBER_OPERATORS } from '../kind.ts';
import { formatRate } from '../numbers.ts';

const RateCell = ({ value }: CellProps) => <span className="cell-number">{formatRate(value)}</span>;

export default { Cell: RateCell, align: 'right', operators: NUMBER_OPERATORS, width: 96 } satisfies FieldKindView;
