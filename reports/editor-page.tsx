/** Writing a report in the browser: the text, what it draws, its versions. `?report=` opens one, `?copy=` starts from one. */
import './reports.css';
import './editor.css';
import { Alert, Skeleton } from 'antd';
import { useEffect, useRef } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import type { EditorWorld, ReportCatalogue, ReportText } from '../api/contract-reports.ts';
import { ReportEditor } from './editor.tsx';
import { TEMPLATE } from './editor-template.ts';
import { tell } from './editor-words.ts';
import { useJson } from './http.ts';
import type { ReportsProps } from './report-page.tsx';

export default function EditorPage({ lang, dark }: ReportsProps) {
  const [search] = useSearchParams();
  const location = useLocation();
  const report = search.get('report');
  const copy = search.get('copy');
  const from = report ?? copy;
  // A first save gives the text an address without opening it anew.
  const same = (location.state as { same?: string } | null)?.same;
  const key = same ?? `${report ? 'report' : copy ? 'copy' : 'new'} ${from ?? ''}`;
  const { data: world, error } = useJson<EditorWorld>('/api/_report-editor', { lang });
  const catalogue = useJson<ReportCatalogue>('/api/_reports', { lang });
  const path = from?.split('/').map(encodeURIComponent).join('/');
  const found = useJson<ReportText>(path ? `/api/_report-editor/text/${path}` : null, { lang, owner: from ?? '' });
  const opened = useRef<{ key: string; start: ReportText | null } | null>(null);
  if (opened.current?.key !== key && (!from || found.data?.slug === from)) {
    opened.current = { key, start: found.data };
  }
  useEffect(() => {
    document.title = `${tell(lang, 'edit')} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [lang]);
  const failure = error ?? found.error ?? catalogue.error;
  if (failure) return <Alert type="error" showIcon title={failure.message} />;
  if (!world || !catalogue.data || opened.current?.key !== key)
    return <Skeleton active title={false} paragraph={{ rows: 10 }} />;
  const { start } = opened.current;
  const { currency, today } = catalogue.data;
  return (
    <ReportEditor
      key={key}
      session={key}
      start={report ? start : null}
      text={start?.text ?? TEMPLATE}
      name={copy && start ? `${start.slug}-copy` : ''}
      world={world}
      reader={{ lang, currency, today }}
      dark={dark}
    />
  );
}
