import './home.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ReportDefinition } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { sayTotal } from '../list/pager.tsx';
import { useMeta } from '../meta/meta.tsx';
import { getList } from '../refine/data-provider.ts';
import { getJson } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Icon } from '../ui/icon.tsx';
import { Attention } from './attention.tsx';

/** What needs somebody, and where everything is: each screen with how much is in it, each report. */
export default function Home() {
  const { t, say } = useLang();
  const meta = useMeta();
  const shown = meta.resources.filter((resource) => resource.can.list && !resource.hidden);
  const reports = useQuery({
    queryKey: ['evergreen', 'reports'],
    queryFn: () => getJson<{ reports: ReportDefinition[] }>('/api/_reports'),
    staleTime: 60_000,
    retry: false,
  });
  return (
    <div className="page home">
      <PageHead title={t('home.hello', { name: meta.user.name })} />
      <Attention resources={shown} />
      {meta.groups.map((group) => {
        const resources = shown.filter((resource) => resource.group === group.name);
        if (resources.length === 0) return null;
        return (
          <section key={group.name}>
            <h2>{say(group.label)}</h2>
            <ul className="home-cards">
              {resources.map((resource) => (
                <li key={resource.name}>
                  <Link to={`/${resource.name}`} className="card home-card">
                    <span className="home-icon">
                      <Icon name={resource.icon ?? 'sheet'} size={20} />
                    </span>
                    <span className="home-name">{say(resource.label)}</span>
                    <Total resource={resource.name} />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {reports.data && reports.data.reports.length > 0 ? (
        <section>
          <h2>{t('reports.title')}</h2>
          <ul className="home-cards">
            {reports.data.reports.map((report) => (
              <li key={report.slug}>
                <Link to={`/reports/${report.slug}`} className="card home-card">
                  <span className="home-icon">
                    <Icon name="chart" size={20} />
                  </span>
                  <span className="home-name">{say(report.title)}</span>
                  {report.describe ? <span className="home-note">{say(report.describe)}</span> : null}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

function Total({ resource }: { resource: string }) {
  const { data } = useQuery({
    queryKey: ['evergreen', 'total', resource],
    queryFn: () => getList({ resource, pagination: { currentPage: 1, pageSize: 1 }, meta: { fields: [] } }),
    retry: false,
    staleTime: 30_000,
  });
  return <span className="home-total">{data ? sayTotal(data) : ''}</span>;
}
