import type { InputProps } from '../kind.ts';
import { NumberInput, readDecimal } from '../number-input.tsx';
import { percentToRate, rateToPercent } from '../numbers.ts';

/** Written and read as a percentage, kept as 0..1. */
export default function RateInput(props: InputProps) {
  return (
    <NumberInput
      {...props}
      suffix="%"
      show={(value) => rateToPercent(value) || String(value)}
      read={(text) => (readDecimal(text) === null ? null : percentToRate(readDecimal(text)))}
    />
  );
}
