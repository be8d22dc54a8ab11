import './layouts.css';
import type { MetaResource, Row } from '../../api/contract.ts';
import { PickBox } from '../bulk/pick-box.tsx';
import { isChosen, type Picks } from '../bulk/selection.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf } from '../meta/meta.tsx';
import { Skeleton } from '../ui/states.tsx';
import { cardBody } from './layouts.ts';
import { RecordCard } from './record-card.tsx';

/** The rows of a page as cards. */
export default function Cards({
  resource,
  columns,
  rows,
  busy,
  picks,
}: {
  resource: MetaResource;
  columns: readonly string[];
  /** Absent while the first ones are on their way. */
  rows: readonly Row[] | undefined;
  busy: boolean;
  /** Where records can be chosen, to be changed together. */
  picks?: Picks;
}) {
  const { say, lang } = useLang();
  if (!rows) return <Skeleton lines={8} />;
  return (
    <ul className="record-cards" aria-label={say(resource.label)} aria-busy={busy}>
      {rows.map((row) => (
        <li key={String(row.id)}>
          <RecordCard
            resource={resource}
            row={row}
            fields={cardBody(resource, columns)}
            tools={
              picks ? (
                <PickBox
                  id={row.id as number}
                  title={titleOf(resource, row, lang)}
                  chosen={isChosen(picks.selection, row.id as number)}
                  onToggle={picks.toggle}
                />
              ) : undefined
            }
          />
        </li>
      ))}
    </ul>
  );
}
