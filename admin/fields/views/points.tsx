import { type CellProps, type FieldKindView, NUMBER_OPERATORS } from '../kind.ts';
import { formatInteger } from '../numbers.ts';

const PointsCell = ({ value }: CellProps) => <span className="cell-number">{formatInteger(value)}</span>;

export default { Cell: PointsCell, align: 'right', operators: NUMBER_OPERATORS, width: 110 } satisfies FieldKindView;
