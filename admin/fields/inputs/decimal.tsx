import type { Json } from '../../../api/contract.ts';
import type { InputProps } from '../kind.ts';
import { NumberInput, readDecimal } from '../number-input.tsx';

export default function DecimalInput(props: InputProps) {
  return <NumberInput {...props} show={show} read={readDecimal} />;
}

/** "3.0000", as the database keeps it, is shown as 3.00. */
const show = (value: Json): string => String(value).replace(/(\.\d{2}\d*?)0+$/, '$1');
