import type { InputProps } from '../kind.ts';
import { NumberInput, readInteger } from '../number-input.tsx';

export default function PointsInput(props: InputProps) {
  return <NumberInput {...props} show={String} read={readInteger} />;
}
