/** The reports, which are a part of their own and load with what they need. */
import '../../reports/print.css';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useParams } from 'react-router';
import { OWN_PAGES } from '../../reports/own-pages.ts';
import { useLang } from '../i18n/index.ts';
import { onEvent } from '../refine/events.ts';
import { isDark, onThemeChange } from '../shell/theme-mode.ts';
import { Antd } from '../ui/antd.tsx';
import { Skeleton } from '../ui/states.tsx';

const ReportPage = lazy(() => import('../../reports/report-page.tsx'));
const MetricPage = lazy(() => import('../../reports/metric-page.tsx'));
const AreaPage = lazy(() => import('../../reports/area-page.tsx'));
const RetrospectivePage = lazy(() => import('../../reports/retrospective-page.tsx'));
const RetrospectiveChanges = lazy(() => import('../../reports/retrospective-changes.tsx'));
const EditorPage = lazy(() => import('../../reports/editor-page.tsx'));
const Catalogue = lazy(() => import('../../reports/catalogue.tsx'));

export default function Reports() {
  const { '*': slug } = useParams();
  // An area of reports cannot be called that.
  const metric = /^metrics\/(.+)$/.exec(slug ?? '')?.[1];
  const Own = OWN_PAGES.find((page) => page.slug === slug)?.page;
  const [, month, number] = /^retrospectives\/([^/]+)(?:\/changes\/([^/]+))?$/.exec(slug ?? '') ?? [];
  const { lang } = useLang();
  const dark = useSyncExternalStore(onThemeChange, isDark);
  const props = { lang, dark, subscribe: onEvent };
  return (
    <Suspense
      fallback={
        <div className="page">
          <Skeleton lines={9} />
        </div>
      }
    >
      <Antd>
        {metric !== undefined ? (
          <MetricPage key={metric} code={metric} {...props} />
        ) : slug === 'edit' ? (
          <EditorPage {...props} />
        ) : Own ? (
          <Own {...props} />
        ) : slug && !slug.includes('/') ? (
          <AreaPage key={slug} area={slug} {...props} />
        ) : month && number ? (
          <RetrospectiveChanges month={month} number={number} {...props} />
        ) : month ? (
          <RetrospectivePage key={month} month={month} {...props} />
        ) : slug ? (
          <ReportPage key={slug} slug={slug} {...props} />
        ) : (
          <Catalogue {...props} />
        )}
      </Antd>
    </Suspense>
  );
}
