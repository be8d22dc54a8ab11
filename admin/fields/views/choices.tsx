import { useLang } from '../../i18n/index.ts';
import { type CellProps, type FieldKindView, LIST_OPERATORS } from '../kind.ts';

function ChoicesCell({ field, value }: CellProps) {
  const { say } = useLang();
  const labels = 'choices' in field ? field.choices : {};
  return (
    <span className="chips">
      {(Array.isArray(value) ? value : [value]).map((code) => {
        const label = labels[String(code)];
        return (
          <span className="chip" key={String(code)}>
            {label ? say(label) : String(code)}
          </span>
        );
      })}
    </span>
  );
}

export default { Cell: ChoicesCell, operators: LIST_OPERATORS } satisfies FieldKindView;
