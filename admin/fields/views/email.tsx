import { type CellProps, type FieldKindView, TEXT_OPERATORS } from '../kind.ts';

function EmailCell({ value, full }: CellProps) {
  const text = String(value);
  // A masked address goes nowhere.
  if (!full || text.includes('*')) return <span className="cell-text">{text}</span>;
  return <a href={`mailto:${text}`}>{text}</a>;
}

export default { Cell: EmailCell, operators: TEXT_OPERATORS } satisfies FieldKindView;
