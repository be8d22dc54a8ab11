import './home.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ReportCatalogue } from '../../api/contract-reports.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { pageOf, prefetchPage } from '../pages.ts';
import { getJson } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Icon } from '../ui/icon.tsx';
import { Attention } from './attention.tsx';

interface Place {
  to: string;
  icon: string;
  label: string;
  note?: string | undefined;
}

/** What needs somebody, and where everything is: the screens of each group, the reports of each area. */
export default function Home() {
  const { t, say } = useLang();
  const meta = useMeta();
  const shown = meta.resources.filter((resource) => resource.can.list && !resource.hidden);
  const catalogue = useQuery({
    queryKey: ['evergreen', 'reports'],
    queryFn: () => getJson<ReportCatalogue>('/api/_reports'),
    staleTime: 60_000,
    retry: false,
  });
  const groups = meta.groups
    .map(({ name, label }) => ({
      name,
      label: say(label),
      places: [
        ...shown
          .filter((resource) => resource.group === name)
          .map((each) => ({ to: `/${each.name}`, icon: each.icon ?? 'sheet', label: say(each.label) })),
        ...meta.pages
          .filter((page) => page.group === name)
          .map((page) => ({ to: page.path, icon: page.icon, label: say(page.label) })),
      ],
    }))
    .filter(({ places }) => places.length > 0);
  const areas = (catalogue.data?.areas ?? [])
    .map(({ name, label }) => ({
      name,
      label: say(label),
      places: catalogue
        .data!.reports.filter((report) => report.area === name)
        .map((report) => ({
          to: `/reports/${report.slug}`,
          icon: 'chart',
          label: say(report.title),
          note: report.describe ? say(report.describe) : undefined,
        })),
    }))
    .filter(({ places }) => places.length > 0);
  return (
    <div className="page home">
      <PageHead title={t('home.hello', { name: meta.user.name })} />
      <Attention resources={shown} />
      <div className="home-groups">
        {groups.map(({ name, label, places }) => (
          <Group key={name} label={label} places={places} />
        ))}
      </div>
      {areas.length > 0 ? (
        <>
          <h2>{t('reports.title')}</h2>
          <div className="home-groups">
            {areas.map(({ name, label, places }) => (
              <Group key={name} label={label} places={places} below />
            ))}
          </div>
        </>
      ) : null}
    </div>
  );
}

function Group({ label, places, below = false }: { label: string; places: readonly Place[]; below?: boolean }) {
  const Heading = below ? 'h3' : 'h2';
  return (
    <section className="card home-card">
      <Heading>{label}</Heading>
      <ul>
        {places.map(({ to, icon, label: name, note }) => (
          <li key={to}>
            <Link to={to} title={note} onPointerEnter={() => prefetchPage(pageOf(to))}>
              <Icon name={icon} size={18} />
              <span>{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
