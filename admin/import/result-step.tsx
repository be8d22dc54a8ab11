import { useState } from 'react';
import { Link } from 'react-router';
import type { ImportStatus, MetaResource } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { type TextKey, useLang } from '../i18n/index.ts';
import { withinSentence } from '../meta/meta.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { ErrorTable } from './error-table.tsx';
import { PreviewTable } from './preview-table.tsx';

/** What the rehearsal found, or what the run did: counts, progress, every error with its row and column. */
export function ResultStep({
  resource,
  status,
  busy,
  onBack,
  onRun,
  onCancel,
}: {
  resource: MetaResource;
  status: ImportStatus;
  busy: boolean;
  onBack(): void;
  onRun(): Promise<void>;
  onCancel(): Promise<void>;
}) {
  const { t, say } = useLang();
  const [accepted, setAccepted] = useState(false);
  const { state } = status;
  const working = state === 'checking' || state === 'running';
  const counted = Object.entries(resource.import?.counts ?? {}).filter(([name]) => (status.counts[name] ?? 0) > 0);
  const proposed = status.counts.proposed ?? 0;
  const writes = status.created + status.updated + proposed;
  const headline = {
    checking: t('import.checking'),
    running: t('import.running'),
    checked: status.wrong > 0 ? t('import.checked_wrong', { n: formatInteger(status.wrong) }) : t('import.checked'),
    done: status.wrong > 0 ? t('import.done_wrong', { n: formatInteger(status.wrong) }) : t('import.done'),
    failed: t('import.failed'),
    cancelled: t('import.cancelled'),
    uploaded: '',
  }[state];
  const tone =
    state === 'failed' ? 'bad' : status.wrong > 0 || state === 'cancelled' ? 'warning' : working ? 'info' : 'good';
  return (
    <section className="card import-card">
      <div className={`note note-${tone}`} role="status">
        {working ? (
          <span className="spinner" aria-hidden="true" />
        ) : (
          <Icon name={tone === 'good' ? 'check' : tone === 'info' ? 'info' : 'warning'} />
        )}
        <span>
          <strong>{headline}</strong> {status.message}
          {state === 'checked' ? <span className="muted"> {t('import.nothing_yet')}</span> : null}
        </span>
      </div>
      {working ? <Progress status={status} /> : null}
      <p className="muted">{t('import.in_rows')}</p>
      <dl className="counts">
        {(['created', 'updated', 'unchanged', 'skipped', 'wrong'] as const).map((name) => (
          <div key={name} className={`count count-${status[name] > 0 ? name : 'zero'}`}>
            <dt>{t(`import.${name}` as TextKey)}</dt>
            <dd>{formatInteger(status[name])}</dd>
          </div>
        ))}
      </dl>
      {counted.length > 0 ? (
        <ul className="skipped-by">
          {counted.map(([name, label]) => (
            <li key={name}>
              <span>{say(label)}</span>
              <span>{formatInteger(status.counts[name]!)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {proposed > 0 ? (
        <p className="note note-warning">
          <Icon name="clock" />
          <span>
            {t(state === 'done' ? 'import.proposed' : 'import.will_propose', {
              count: proposed,
              n: formatInteger(proposed),
            })}{' '}
            {state === 'done' ? <Link to="/change_requests">{t('import.see_proposed')}</Link> : null}
          </span>
        </p>
      ) : null}
      {status.skipped_by?.length ? (
        <ul className="skipped-by">
          {status.skipped_by.map((rule) => (
            <li key={JSON.stringify(rule.label)}>
              <span>{typeof rule.label === 'string' ? rule.label : say(rule.label)}</span>
              <span>{t('import.rows', { n: formatInteger(rule.rows) })}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {status.errors.length > 0 ? <ErrorTable status={status} /> : null}
      {state === 'checked' ? <PreviewTable resource={resource} status={status} /> : null}
      <footer className="import-foot">
        {state === 'checked' && status.wrong > 0 ? (
          <label className="check-line">
            <input
              type="checkbox"
              className="checkbox"
              checked={accepted}
              onChange={(event) => setAccepted(event.target.checked)}
            />
            {t('import.accept_wrong', { n: formatInteger(status.wrong) })}
          </label>
        ) : (
          <span />
        )}
        {working ? (
          <Button busy={busy} onClick={() => void onCancel()}>
            {t('import.cancel')}
          </Button>
        ) : null}
        {state === 'checked' ? (
          <>
            <Button onClick={onBack}>{t('import.back')}</Button>
            <Button
              tone="primary"
              busy={busy}
              why={
                status.wrong > 0 && !accepted
                  ? t('import.accept_first')
                  : writes === 0 && status.rows_read === 0
                    ? t('import.no_rows')
                    : null
              }
              onClick={() => void onRun()}
            >
              {t('import.run')}
            </Button>
          </>
        ) : null}
        {['done', 'failed', 'cancelled'].includes(state) ? (
          <>
            <ButtonLink to={`/${resource.name}/import`} icon="upload">
              {t('import.another')}
            </ButtonLink>
            <ButtonLink to={`/${resource.name}`} tone="primary">
              {t('import.see', { label: withinSentence(say(resource.label)) })}
            </ButtonLink>
          </>
        ) : null}
      </footer>
    </section>
  );
}

function Progress({ status }: { status: ImportStatus }) {
  const { t } = useLang();
  const { rows_read, rows_total } = status;
  return (
    <div className="import-progress">
      <progress
        value={rows_total ? rows_read : undefined}
        max={rows_total ?? undefined}
        aria-label={t('import.progress')}
      />
      <span>
        {rows_total
          ? t('import.rows_of', { n: formatInteger(rows_read), total: formatInteger(rows_total) })
          : t('import.rows', { n: formatInteger(rows_read) })}
      </span>
    </div>
  );
}
