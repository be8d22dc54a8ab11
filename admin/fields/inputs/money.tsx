import { useMeta } from '../../meta/meta.tsx';
import type { InputProps } from '../kind.ts';
import { NumberInput, readDecimal } from '../number-input.tsx';
import { currencySign } from '../numbers.ts';

export default function MoneyInput(props: InputProps) {
  const { currency } = useMeta().settings;
  return <NumberInput {...props} prefix={currencySign(currency)} show={String} read={readDecimal} />;
}
