import { useLang } from '../../i18n/index.ts';
import { type CellProps, CHOICE_OPERATORS, type FieldKindView } from '../kind.ts';

function ChoiceCell({ field, value }: CellProps) {
  const { say } = useLang();
  const label = 'choices' in field ? field.choices[String(value)] : undefined;
  return <span className="chip">{label ? say(label) : String(value)}</span>;
}

export default { Cell: ChoiceCell, operators: CHOICE_OPERATORS, width: 120 } satisfies FieldKindView;
