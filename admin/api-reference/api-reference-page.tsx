/** The API as this person may use it: its operations, what they take and answer, and a command to try each. */
import './api-reference.css';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useLang } from '../i18n/index.ts';
import { getJson } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { type OpenApiDocument, operationsOf, type Placed } from './document.ts';
import { OperationView } from './operation.tsx';

export default function ApiReferencePage() {
  const { t, lang } = useLang();
  const query = useQuery({
    queryKey: ['evergreen', 'openapi', lang],
    queryFn: ({ signal }) => getJson<OpenApiDocument>('/api/openapi.json', signal),
    staleTime: 60_000,
    retry: false,
  });
  return (
    <div className="page">
      <PageHead
        title={t('api.title')}
        actions={
          <a className="button button-default" href="/api/openapi.json" download="evergreen-openapi.json">
            {t('api.download')}
          </a>
        }
      />
      {query.isError && !query.data ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data ? (
        <Reference doc={query.data} />
      ) : (
        <div className="card api-wait">
          <Skeleton lines={12} />
        </div>
      )}
    </div>
  );
}

function Reference({ doc }: { doc: OpenApiDocument }) {
  const { t } = useLang();
  const [search, setSearch] = useSearchParams();
  const [text, setText] = useState('');
  const all = useMemo(() => operationsOf(doc), [doc]);
  const word = text.trim().toLowerCase();
  const matches = ({ path, summary, tags }: Placed) =>
    [path, summary, ...tags].some((each) => each.toLowerCase().includes(word));
  const shown = all.filter(matches);
  const chosen = all.find((each) => each.operationId === search.get('op')) ?? shown[0] ?? all[0];
  return (
    <div className="api">
      <nav className="card api-list" aria-label={t('api.operations')}>
        <input
          className="input"
          type="search"
          placeholder={t('api.search')}
          aria-label={t('api.search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="api-scroll">
          {doc.tags.map((tag) => {
            const operations = shown.filter((each) => each.tags.includes(tag.name));
            return operations.length === 0 ? null : (
              <details key={tag.name} open={word !== '' || chosen?.tags.includes(tag.name)}>
                <summary>
                  {tag.description} <span className="muted">{operations.length}</span>
                </summary>
                <ul>
                  {operations.map((each) => (
                    <li key={each.operationId}>
                      <button
                        type="button"
                        aria-current={each === chosen ? 'true' : undefined}
                        onClick={() => setSearch({ op: each.operationId }, { replace: true })}
                      >
                        <Method name={each.method} />
                        <span>{each.summary}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </details>
            );
          })}
          {shown.length === 0 ? <p className="muted api-none">{t('palette.none')}</p> : null}
        </div>
      </nav>
      <section className="card api-main">
        {chosen ? <OperationView key={chosen.operationId} doc={doc} operation={chosen} /> : null}
      </section>
    </div>
  );
}

export function Method({ name }: { name: string }) {
  return <span className={`api-method api-${name}`}>{name.toUpperCase()}</span>;
}
