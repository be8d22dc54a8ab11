import type { CellProps, FieldKindView } from '../kind.ts';

function ColorCell({ value }: CellProps) {
  return (
    <span className="cell-color">
      <span className="swatch" style={{ background: String(value) }} />
      <span className="mono">{String(value)}</span>
    </span>
  );
}

export default { Cell: ColorCell, operators: ['eq', 'ne'], width: 110 } satisfies FieldKindView;
