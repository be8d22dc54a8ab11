import { type CellProps, type FieldKindView, TEXT_OPERATORS } from '../kind.ts';

function TextCell({ value, full }: CellProps) {
  const text = String(value);
  return <span className={full ? 'cell-full' : 'cell-text'}>{text}</span>;
}

export default { Cell: TextCell, operators: TEXT_OPERATORS } satisfies FieldKindView;
