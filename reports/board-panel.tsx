/** One report of a board: asked for when it comes into view, small, with what was clicked on it. */
import { Alert, Skeleton } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { Json } from '../api/contract.ts';
import type { ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { pick, type Reader } from './cell-value.ts';
import { addressOf, type Chosen } from './chosen.ts';
import { useJson } from './http.ts';
import { Body } from './report-body.tsx';
import { say, told } from './words.ts';

export interface PanelProps {
  definition: ReportDefinition;
  /** What it is asked. */
  asked: Chosen;
  /** What was clicked on it, as it is called. */
  clicked: string | null;
  /** The board is narrowed, and this report does not know by what. */
  untouched: boolean;
  reader: Reader;
  dark: boolean;
  version: number;
  onPick?: (row: { [column: string]: unknown }) => void;
  onUnpick(): void;
  onAll(address: string): void;
  onResolved(slug: string, params: { [name: string]: Json }): void;
}

export function BoardPanel({
  definition,
  asked,
  clicked,
  untouched,
  reader,
  dark,
  version,
  onPick,
  onUnpick,
  onAll,
  onResolved,
}: PanelProps) {
  const { lang } = reader;
  const { slug, chart } = definition;
  const box = useRef<HTMLElement>(null);
  const seen = useSeen(box);
  const run = seen ? addressOf(`/api/_reports/run/${slug}`, asked) : null;
  const { data, error, loading } = useJson<ReportResult>(run, { lang, version, owner: slug });
  // Rows of a choice that was refused are not those of what is chosen now.
  const result = error?.status === 400 ? null : data;
  const resolved = useRef(onResolved);
  resolved.current = onResolved;
  useEffect(() => {
    if (data) resolved.current(slug, data.params);
  }, [slug, data]);
  return (
    <section
      ref={box}
      className={chart.kind === 'kpi' ? 'board-panel board-panel-wide' : 'board-panel'}
      aria-busy={seen && loading}
    >
      <header>
        <h2>
          <Link
            to={addressOf(`/reports/${slug}`, asked)}
            title={definition.describe ? pick(lang, definition.describe) : undefined}
          >
            {pick(lang, definition.title)}
          </Link>
        </h2>
        {clicked ? (
          <button type="button" className="board-clicked" onClick={onUnpick} title={say(lang, 'unpick')}>
            {told(lang, say(lang, 'chosen_here'), clicked)} <span aria-hidden="true">✕</span>
          </button>
        ) : null}
        {untouched ? <span className="board-untouched">{say(lang, 'untouched')}</span> : null}
      </header>
      {error ? <Alert type="error" showIcon title={say(lang, 'failed')} description={error.message} /> : null}
      {result ? (
        <div className="board-figure">
          <Body
            definition={definition}
            result={result}
            reader={reader}
            dark={dark}
            asTable={chart.kind === 'table'}
            small
            {...(onPick ? { open: onPick } : {})}
            onPicture={() => {}}
            onAll={() => onAll(addressOf(`/reports/${slug}`, { ...asked, ...allDays(definition) }))}
          />
        </div>
      ) : error ? null : (
        <>
          <Skeleton active title={false} paragraph={{ rows: chart.kind === 'kpi' ? 3 : 7 }} />
          <p className="print-only metric-note">{say(lang, 'print_unloaded')}</p>
        </>
      )}
    </section>
  );
}

function allDays({ params }: ReportDefinition): Chosen {
  const ranges = Object.keys(params).filter((name) => params[name]!.type === 'daterange');
  return Object.fromEntries(ranges.map((name) => [name, ['all']]));
}

/** Whether it has come near the window; from then on it stays asked for. */
function useSeen(box: { current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !box.current) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '300px' },
    );
    watcher.observe(box.current);
    // Too late for the paper that is printed now, but there for the next.
    const ask = () => setSeen(true);
    window.addEventListener('beforeprint', ask);
    return () => {
      watcher.disconnect();
      window.removeEventListener('beforeprint', ask);
    };
  }, [seen, box]);
  return seen;
}
