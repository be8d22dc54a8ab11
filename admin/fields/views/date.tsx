import { type CellProps, DAY_OPERATORS, type FieldKindView } from '../kind.ts';

const DateCell = ({ value }: CellProps) => <span className="cell-nowrap">{String(value)}</span>;

export default { Cell: DateCell, operators: DAY_OPERATORS, width: 116 } satisfies FieldKindView;
