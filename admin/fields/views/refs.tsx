import { useResource } from '../../meta/meta.tsx';
import { type CellProps, type FieldKindView, LIST_OPERATORS } from '../kind.ts';
import { RefTitles } from '../ref-title.tsx';
import { RelationLink } from '../relation-link.tsx';

/** Related records by their titles, each the way to it where this person may open it. */
function RefsCell({ field, value, label, full }: CellProps) {
  const to = field.kind === 'refs' ? field.to : '';
  const target = useResource(to);
  const ids = Array.isArray(value) ? (value as number[]) : [];
  const titles = typeof label === 'object' ? label : {};
  return (
    <span className="chips">
      {ids.map((id) => {
        const title = titles[id] ?? (full ? <RefTitles to={to} ids={[id]} /> : `#${id}`);
        return target?.can.list ? (
          <RelationLink className="chip" key={id} resource={target.name} id={id}>
            {title}
          </RelationLink>
        ) : (
          <span className="chip" key={id}>
            {title}
          </span>
        );
      })}
    </span>
  );
}

export default { Cell: RefsCell, operators: LIST_OPERATORS } satisfies FieldKindView;
