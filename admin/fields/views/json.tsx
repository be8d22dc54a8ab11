import type { CellProps, FieldKindView } from '../kind.ts';

function JsonCell({ value, full }: CellProps) {
  if (full) return <pre className="cell-json mono">{JSON.stringify(value, null, 2)}</pre>;
  return <span className="cell-text mono">{JSON.stringify(value)}</span>;
}

export default { Cell: JsonCell, operators: [] } satisfies FieldKindView;
