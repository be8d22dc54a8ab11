import { memo } from 'react';
import type { CellProps } from './kind.ts';
import { kindView } from './kinds.ts';

/** A value as its kind shows it; nothing is a dash, so that an empty cell is seen to be empty. */
export const FieldCell = memo(function FieldCell(props: CellProps) {
  const { value, field } = props;
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
    return <span className="cell-none">–</span>;
  }
  const { Cell } = kindView(field.kind);
  return <Cell {...props} />;
});
