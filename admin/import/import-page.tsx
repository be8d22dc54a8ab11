import './import.css';
import '../fields/fields.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { ImportMapping, ImportMode, ImportStatus, MetaResource } from '../../api/contract.ts';
import { type TextKey, useLang } from '../i18n/index.ts';
import { useResource, withinSentence } from '../meta/meta.tsx';
import { getJson, HttpFailure, send } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Icon } from '../ui/icon.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { MappingStep } from './mapping-step.tsx';
import { ResultStep } from './result-step.tsx';
import { UploadStep } from './upload-step.tsx';

/** Brings a file in: upload, which column is what, a rehearsal that changes nothing, the run. The address resumes it. */
export default function ImportPage() {
  const { resource: name, import_id } = useParams();
  const resource = useResource(name);
  const { t } = useLang();
  if (!resource?.can.import) return <Failure error={new Error(t('import.not_allowed'))} />;
  return <Wizard key={name} resource={resource} id={import_id} />;
}

const WORKING = ['checking', 'running'];

function Wizard({ resource, id }: { resource: MetaResource; id: string | undefined }) {
  const { t, say } = useLang();
  const navigate = useNavigate();
  const client = useQueryClient();
  // After a rehearsal one may go back to the columns.
  const [remapping, setRemapping] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const key = ['evergreen', 'import', id];
  const path = `/api/_imports/${encodeURIComponent(id ?? '')}`;
  const {
    data: status,
    error,
    refetch,
  } = useQuery({
    queryKey: key,
    enabled: id !== undefined,
    queryFn: ({ signal }) => getJson<ImportStatus>(path, signal),
    refetchInterval: (query) => (query.state.data && WORKING.includes(query.state.data.state) ? 600 : false),
    retry: false,
  });
  const label = say(resource.label);

  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      await refetch();
    } catch (failure) {
      if (!(failure instanceof HttpFailure)) throw failure;
      const fields = Object.values(failure.errors ?? {}).map((each) => each.message);
      setProblem(failure.statusCode === 0 ? t('error.offline') : [failure.message, ...fields].join(' '));
    } finally {
      setBusy(false);
    }
  };
  const rehearse = (mapping: ImportMapping, mode: ImportMode) =>
    act(async () => {
      await send('PATCH', path, { body: { mapping, mode } });
      await send('POST', `${path}/_check`);
      setRemapping(false);
    });
  const step = !id
    ? 0
    : !status
      ? -1
      : status.state === 'uploaded' || remapping
        ? 1
        : ['checking', 'checked'].includes(status.state)
          ? 2
          : 3;
  return (
    <div className="page">
      <PageHead title={t('import.title', { label: withinSentence(label) })} back={{ to: `/${resource.name}`, label }} />
      <ol className="steps">
        {(['upload', 'mapping', 'check', 'run'] as const).map((name, at) => (
          <li
            key={name}
            aria-current={at === step ? 'step' : undefined}
            className={at < step ? 'step-done' : undefined}
          >
            <span className="step-dot">{at < step ? <Icon name="check" size={13} /> : at + 1}</span>
            {t(`import.step_${name}` as TextKey)}
          </li>
        ))}
      </ol>
      {problem ? (
        <p className="note note-bad import-problem" role="alert">
          <Icon name="warning" />
          <span>{problem}</span>
        </p>
      ) : null}
      {step === 0 ? (
        <UploadStep
          resource={resource}
          onUploaded={(uploaded) => {
            client.setQueryData(['evergreen', 'import', String(uploaded.id)], uploaded);
            navigate(`/${resource.name}/import/${uploaded.id}`);
          }}
        />
      ) : error && !status ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !status ? (
        <Skeleton lines={8} />
      ) : step === 1 ? (
        <MappingStep
          // The columns of another sheet are other columns.
          key={status.format.sheet}
          resource={resource}
          status={status}
          busy={busy}
          onCheck={rehearse}
          onSheet={(format) => act(() => send('PATCH', path, { body: { mapping: { columns: {}, format } } }))}
        />
      ) : (
        <ResultStep
          resource={resource}
          status={status}
          busy={busy}
          onBack={() => setRemapping(true)}
          onRun={() => act(() => send('POST', `${path}/_run`))}
          onCancel={() => act(() => send('POST', `${path}/_cancel`))}
        />
      )}
    </div>
  );
}
