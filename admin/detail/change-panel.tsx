import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ChangeDiff, MetaResource, Row } from '../../api/contract.ts';
import { ImpactPanel } from '../form/impact-panel.tsx';
import { Changes } from '../history/history-drawer.tsx';
import { useLang } from '../i18n/index.ts';
import { useResource } from '../meta/meta.tsx';
import { getJson } from '../refine/http.ts';
import { recordPath } from '../refine/wire.ts';
import { Icon } from '../ui/icon.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import '../form/form.css';

/** What a record proposes to change in another: field by field, with what it would do where the other can tell. */
export default function ChangePanel({ resource, record }: { resource: MetaResource; record: Row }) {
  const { t } = useLang();
  const { data, error, refetch } = useQuery({
    queryKey: ['evergreen', 'diff', resource.name, record.id, record.version],
    queryFn: ({ signal }) => getJson<ChangeDiff>(`${recordPath(resource.name, record.id as number)}/_diff`, signal),
    retry: false,
  });
  return (
    <section className="card detail-section" aria-label={t('change.title')}>
      <h2>{t('change.title')}</h2>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Diff diff={data} />
      ) : (
        <Skeleton lines={4} />
      )}
    </section>
  );
}

function Diff({ diff }: { diff: ChangeDiff }) {
  const { t, say } = useLang();
  const target = useResource(diff.resource);
  if (!target) return null;
  const after: Row = Object.fromEntries(Object.entries(diff.changes).map(([name, change]) => [name, change.after]));
  const overtaken = diff.overtaken.map((name) => say(target.fields[name]?.label ?? [name, name])).join(t('comma'));
  return (
    <>
      {diff.record_id !== null && diff.action !== 'delete' ? (
        <p>
          <Link to={`/${target.name}/${diff.record_id}`}>
            {t('change.open', { label: say(target.one ?? target.label) })}
          </Link>
        </p>
      ) : null}
      {overtaken ? (
        <p className="note note-warning">
          <Icon name="warning" />
          <span>{t('change.overtaken', { fields: overtaken })}</span>
        </p>
      ) : null}
      {diff.label ? (
        <p>
          {t('change.action')} <strong>{say(diff.label)}</strong>
        </p>
      ) : null}
      {diff.input && diff.input.length > 0 ? (
        <dl className="diff change-input">
          {diff.input.map(({ label, value }) => (
            <div key={label[0]}>
              <dt>{say(label)}</dt>
              <dd>{say(value)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      <Changes
        resource={target}
        action={diff.action === 'restore' ? 'create' : diff.action}
        changes={diff.changes}
        redacted={diff.redacted}
      />
      <Consents consents={diff.consents} />
      {target.impact && target.can.edit && diff.record_id !== null ? (
        <ImpactPanel resource={target} id={diff.record_id} values={after} changed />
      ) : null}
    </>
  );
}

/** Why it waits, for whom, and who agreed. */
function Consents({ consents }: Pick<ChangeDiff, 'consents'>) {
  const { t, say } = useLang();
  if (consents.length === 0) return null;
  return (
    <>
      <h3 className="consent-title">{t('change.consents')}</h3>
      <ul className="consents">
        {consents.map(({ name, roles, agreed }) => (
          <li key={name[0]} className={agreed ? 'consent-given' : undefined}>
            <Icon name={agreed ? 'check' : 'clock'} />
            <span>
              <strong>{say(name)}</strong>{' '}
              <span className="muted">
                {agreed
                  ? t('change.agreed', { name: agreed })
                  : t('change.waits_for', { roles: roles.map(say).join(t('comma')) })}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
