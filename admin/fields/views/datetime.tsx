import { useMeta } from '../../meta/meta.tsx';
import type { CellProps, FieldKindView } from '../kind.ts';
import { utcToZoned } from '../zoned-time.ts';

function DatetimeCell({ value, full }: CellProps) {
  const { time_zone } = useMeta().settings;
  const text = utcToZoned(String(value), time_zone);
  return (
    <time className="cell-nowrap" dateTime={String(value)} title={`${text} ${time_zone}`}>
      {full ? text : text.slice(0, 16)}
    </time>
  );
}

export default {
  Cell: DatetimeCell,
  operators: ['between', 'gte', 'lt', 'null', 'notNull'],
  width: 150,
} satisfies FieldKindView;
