import type { CellProps, FieldKindView } from '../kind.ts';

function LongTextCell({ value, full }: CellProps) {
  return <span className={full ? 'cell-paragraphs' : 'cell-text'}>{String(value)}</span>;
}

export default { Cell: LongTextCell, operators: ['like', 'null', 'notNull'] } satisfies FieldKindView;
