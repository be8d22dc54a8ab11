import { type CellProps, type FieldKindView, TEXT_OPERATORS } from '../kind.ts';

function PhoneCell({ value }: CellProps) {
  return <span className="cell-nowrap">{String(value)}</span>;
}

export default { Cell: PhoneCell, operators: TEXT_OPERATORS, width: 130 } satisfies FieldKindView;
