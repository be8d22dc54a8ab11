import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HistoryEntry, Json, MetaResource, Row } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { utcToZoned } from '../fields/zoned-time.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { getJson } from '../refine/http.ts';
import { recordPath } from '../refine/wire.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Conflict } from './use-record-form.ts';

/** Two people changed the same field: what it was, what they made of it, what I made of it; one of the two is kept. */
export function MergeDialog({
  resource,
  conflict,
  base,
  mine,
  onDecide,
  onClose,
}: {
  resource: MetaResource;
  conflict: Conflict;
  base: Row;
  mine: Row;
  onDecide(chosen: Row): void;
  onClose(): void;
}) {
  const { t, say } = useLang();
  const { settings } = useMeta();
  const [keep, setKeep] = useState<{ [field: string]: 'mine' | 'theirs' }>({});
  const { theirs, merge } = conflict;
  const latest = useQuery({
    queryKey: ['evergreen', 'history', resource.name, theirs.id, 'latest', theirs.version],
    queryFn: () => getJson<HistoryEntry[]>(`${recordPath(resource.name, theirs.id as number)}/_history`),
    retry: false,
  }).data?.[0];
  const undecided = merge.conflicts.filter((name) => !keep[name]);
  const names = (fields: readonly string[]) =>
    fields.map((name) => say(resource.fields[name]?.label ?? [name, name])).join(t('comma'));
  const decide = () => {
    const chosen: Row = {};
    for (const name of merge.conflicts) chosen[name] = (keep[name] === 'mine' ? mine[name] : theirs[name]) ?? null;
    onDecide(chosen);
  };
  return (
    <Dialog
      title={t('merge.title')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('merge.back')}</Button>
          <Button
            tone="primary"
            why={undecided.length > 0 ? t('merge.undecided', { fields: names(undecided) }) : null}
            onClick={decide}
          >
            {t('merge.save')}
          </Button>
        </>
      }
    >
      <p className="merge-intro">
        {latest
          ? t('merge.who', { name: latest.actor, time: utcToZoned(latest.at, settings.time_zone).slice(0, 16) })
          : t('merge.someone')}{' '}
        {t('merge.choose')}
      </p>
      <div className="table-scroll">
        <table className="merge-table">
          <thead>
            <tr>
              <th scope="col">{t('merge.field')}</th>
              <th scope="col">{t('merge.base')}</th>
              <th scope="col">{t('merge.theirs')}</th>
              <th scope="col">{t('merge.mine')}</th>
            </tr>
          </thead>
          <tbody>
            {merge.conflicts.map((name) => {
              const field = resource.fields[name];
              if (!field) return null;
              const cell = (value: Json | undefined) => <FieldCell field={field} value={value} full />;
              const option = (side: 'mine' | 'theirs', value: Json | undefined) => (
                <td>
                  <label className="merge-choice">
                    <input
                      type="radio"
                      className="checkbox"
                      name={`merge-${name}`}
                      checked={keep[name] === side}
                      onChange={() => setKeep({ ...keep, [name]: side })}
                    />
                    <span className="visually-hidden">{t(`merge.${side}`)}</span>
                    {cell(value)}
                  </label>
                </td>
              );
              return (
                <tr key={name}>
                  <th scope="row">{say(field.label)}</th>
                  <td className="muted">{cell(base[name])}</td>
                  {option('theirs', theirs[name])}
                  {option('mine', mine[name])}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {merge.theirs.length + merge.mine.length > 0 ? (
        <p className="note">
          <Icon name="info" />
          <span>
            {merge.theirs.length > 0 ? t('merge.also_theirs', { fields: names(merge.theirs) }) : null}{' '}
            {merge.mine.length > 0 ? t('merge.also_mine', { fields: names(merge.mine) }) : null}
          </span>
        </p>
      ) : null}
    </Dialog>
  );
}
