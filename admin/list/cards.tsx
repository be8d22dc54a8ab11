import './layouts.css';
import type { MetaResource, Row } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { Skeleton } from '../ui/states.tsx';
import { cardBody } from './layouts.ts';
import { RecordCard } from './record-card.tsx';

/** The rows of a page as cards. */
export default function Cards({
  resource,
  columns,
  rows,
  busy,
}: {
  resource: MetaResource;
  columns: readonly string[];
  /** Absent while the first ones are on their way. */
  rows: readonly Row[] | undefined;
  busy: boolean;
}) {
  const { say } = useLang();
  if (!rows) return <Skeleton lines={8} />;
  return (
    <ul className="record-cards" aria-label={say(resource.label)} aria-busy={busy}>
      {rows.map((row) => (
        <li key={String(row.id)}>
          <RecordCard resource={resource} row={row} fields={cardBody(resource, columns)} />
        </li>
      ))}
    </ul>
  );
}
