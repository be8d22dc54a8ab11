import { type CellProps, type FieldKindView, LIST_OPERATORS } from '../kind.ts';

function TagsCell({ value }: CellProps) {
  return (
    <span className="chips">
      {(Array.isArray(value) ? value : [value]).map((tag) => (
        <span className="chip" key={String(tag)}>
          {String(tag)}
        </span>
      ))}
    </span>
  );
}

export default { Cell: TagsCell, operators: LIST_OPERATORS } satisfies FieldKindView;
