/** A made-up fact on the left, what it would bring on the right. */
import '../fields/fields.css';
import '../form/form.css';
import './trial.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Row } from '../../api/contract.ts';
import type { DryRun } from '../../api/contract-trials.ts';
import { loadInputs } from '../fields/kinds.ts';
import { kindsIn } from '../form/kinds-in.ts';
import { useLang } from '../i18n/index.ts';
import { getJson, HttpFailure, postJson } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Antd } from '../ui/antd.tsx';
import { Button } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { Empty, Failure, Skeleton } from '../ui/states.tsx';
import { draftNamed } from './drafts.ts';
import { type FactFields, FactForm } from './fact-form.tsx';
import { Waterfall } from './waterfall.tsx';

export default function TrialPage() {
  const { t } = useLang();
  const [ready, setReady] = useState(false);
  const query = useQuery({
    queryKey: ['evergreen', 'trial', 'form'],
    queryFn: ({ signal }) => getJson<FactFields>('/api/_trials/form', signal),
    retry: false,
  });
  const fields = query.data;
  useEffect(() => {
    if (fields) void loadInputs(kindsIn(Object.values({ ...fields.fact, ...fields.who }))).then(() => setReady(true));
  }, [fields]);
  return (
    <div className="page">
      <PageHead title={t('trial.title')} note={<p className="muted">{t('trial.intro')}</p>} />
      {query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : fields && ready ? (
        <Antd>
          <Trial fields={fields} />
        </Antd>
      ) : (
        <Skeleton lines={8} />
      )}
    </div>
  );
}

function Trial({ fields }: { fields: FactFields }) {
  const { t, say } = useLang();
  const [search, setSearch] = useSearchParams();
  const draft = draftNamed(search.get('draft'));
  const [values, setValues] = useState<Row>(() => ({
    ...Object.fromEntries(
      Object.entries({ ...fields.fact, ...fields.who }).map(([name, field]) => [name, field.default ?? null]),
    ),
    amount: '100',
  }));
  const [run, setRun] = useState<DryRun | null>(null);
  const [errors, setErrors] = useState<{ [field: string]: string }>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const side = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone it stands below the form.
    if (run && matchMedia('(width < 900px)').matches) side.current?.scrollIntoView();
  }, [run]);
  const tryIt = async () => {
    setBusy(true);
    try {
      const { resource, id, values: changed } = draft ?? {};
      const body = { ...values, ...(draft ? { draft: { resource, id, values: changed } } : {}) };
      setRun(await postJson<DryRun>('/api/_trials/dry_run', body));
      setErrors({});
      setGeneral(null);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const found = Object.fromEntries(
        Object.entries(error.errors ?? {}).map(([field, { message }]) => [field, message]),
      );
      setErrors(found);
      // Faults of the draft have no field here.
      const elsewhere = Object.entries(found).filter(([field]) => field.startsWith('draft'));
      setGeneral(
        elsewhere.length > 0 ? elsewhere.map(([, text]) => text).join(' ') : error.errors ? null : error.message,
      );
    } finally {
      setBusy(false);
    }
  };
  useHotkeys({
    'mod+enter': (event) => {
      event.preventDefault();
      void tryIt();
    },
  });
  return (
    <div className="trial">
      <form
        className="trial-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void tryIt();
        }}
      >
        {draft ? (
          <p className="note note-info trial-draft">
            <span>{t('trial.draft', { name: say(draft.name) })}</span>
            <Button small onClick={() => setSearch({}, { replace: true })}>
              {t('trial.draft_drop')}
            </Button>
          </p>
        ) : null}
        <FactForm fields={fields} values={values} errors={errors} onChange={setValues} />
        <div className="form-foot">
          <Button type="submit" tone="primary" icon="play" busy={busy} title="Ctrl+Enter">
            {t(run ? 'trial.again' : 'trial.run')}
          </Button>
        </div>
      </form>
      <div ref={side} aria-live="polite" aria-busy={busy} className={busy ? 'trial-side trial-busy' : 'trial-side'}>
        {general ? (
          <p className="note note-bad" role="alert">
            {general}
          </p>
        ) : null}
        {run ? (
          <Waterfall run={run} />
        ) : busy ? (
          <Skeleton lines={8} />
        ) : general ? null : (
          <Empty icon="play" title={t('trial.empty')}>
            {t('trial.empty_text')}
          </Empty>
        )}
      </div>
    </div>
  );
}
