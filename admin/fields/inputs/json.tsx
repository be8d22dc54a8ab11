import { FieldCell } from '../cell.tsx';
import type { InputProps } from '../kind.ts';

/** Shown, never edited. */
export default function JsonInput({ field, value }: InputProps) {
  return <FieldCell field={field} value={value} full />;
}
