import type { InputProps } from '../kind.ts';
import { NumberInput, readDecimal } from '../number-input.tsx';

export default function DecimalInput(props: InputProps) {
  return <NumberInput {...props} show={String} read={readDecimal} />;
}
