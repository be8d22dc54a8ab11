import { useResource } from '../../meta/meta.tsx';
import { type CellProps, CHOICE_OPERATORS, type FieldKindView } from '../kind.ts';
import { RefTitles } from '../ref-title.tsx';
import { RelationLink } from '../relation-link.tsx';

/** The related record by its title; a link only where this person may open it. */
function RefCell({ field, value, label, full }: CellProps) {
  const target = useResource(field.kind === 'ref' ? field.to : undefined);
  const title = typeof label === 'string' ? label : null;
  const text =
    title ?? (full && field.kind === 'ref' ? <RefTitles to={field.to} ids={[Number(value)]} /> : `#${String(value)}`);
  if (!target?.can.list) return <span className="cell-text">{text}</span>;
  return (
    <RelationLink className="cell-text" resource={target.name} id={Number(value)}>
      {text}
    </RelationLink>
  );
}

export default { Cell: RefCell, operators: CHOICE_OPERATORS } satisfies FieldKindView;
