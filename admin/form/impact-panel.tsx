import { Suspense, useEffect, useState } from 'react';
import type { Impact, Json, MetaResource, Pair, Row } from '../../api/contract.ts';
import { formatDecimal, formatInteger, formatMoney, formatRate } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { HttpFailure, postJson } from '../refine/http.ts';
import { Icon } from '../ui/icon.tsx';
import { later } from '../ui/later.tsx';
import { Skeleton } from '../ui/states.tsx';
import { sentValue } from './changes.ts';

const PagePreview = later(() => import('./page-preview.tsx'));

const TONE_ICON = { info: 'info', good: 'check', warning: 'warning', bad: 'warning' };

/** What saving would do, asked again a moment after the last change. */
export function ImpactPanel({
  resource,
  id,
  values,
  changed,
}: {
  resource: MetaResource;
  id: Json | undefined;
  values: Row;
  changed: boolean;
}) {
  const { t, say } = useLang();
  const [impact, setImpact] = useState<Impact | null>(null);
  /** Why there is no answer; null inside: what is typed so far cannot be saved, which the form itself says. */
  const [problem, setProblem] = useState<{ text: string | null } | null>(null);
  const [asking, setAsking] = useState(false);
  // What only shows how it will look weighs nothing up.
  const called = Array.isArray(resource.impact) ? say(resource.impact as Pair) : null;
  const title = called ?? t('impact.title');
  const fields = Object.keys(resource.fields).filter((name) => !resource.fields[name]?.readonly);
  const body = JSON.stringify({
    id: id ?? undefined,
    values: Object.fromEntries(fields.map((name) => [name, sentValue(resource.fields[name]!, values[name] ?? null)])),
  });
  useEffect(() => {
    let current = true;
    setAsking(true);
    const timer = setTimeout(async () => {
      try {
        const answer = await postJson<Impact>(`/api/${encodeURIComponent(resource.name)}/_impact`, JSON.parse(body));
        if (!current) return;
        setImpact(answer);
        setProblem(null);
      } catch (error) {
        if (!current) return;
        const unfinished = error instanceof HttpFailure && error.errors !== undefined;
        setProblem({ text: unfinished ? null : error instanceof Error ? error.message : String(error) });
      } finally {
        if (current) setAsking(false);
      }
    }, 600);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [resource.name, body]);
  return (
    <aside className="card impact" aria-busy={asking} aria-label={title}>
      <h2>
        {title}
        {asking && impact ? <span className="spinner" aria-hidden="true" /> : null}
      </h2>
      {problem && problem.text === null ? (
        <p className="muted">{t(called ? 'impact.not_shown_yet' : 'impact.not_yet')}</p>
      ) : called ? null : (
        <p className="muted">{t(changed ? 'impact.if_saved' : 'impact.as_it_is')}</p>
      )}
      {problem?.text ? (
        <p className="note note-warning">
          <Icon name="warning" />
          <span>{problem.text}</span>
        </p>
      ) : null}
      {impact && !problem ? (
        <div aria-live="polite">
          <ul className="impact-lines">
            {impact.lines.map((line) => (
              <li key={line.text[0]} className={`impact-${line.tone}`}>
                <Icon name={TONE_ICON[line.tone]} size={15} />
                <span>{say(line.text)}</span>
              </li>
            ))}
          </ul>
          {impact.tables.map((table) => (
            <ImpactTable key={table.title[0]} table={table} />
          ))}
        </div>
      ) : problem ? null : (
        <Skeleton lines={6} />
      )}
      {/* It stays as it last was while what is typed is not whole yet. */}
      {impact?.page ? (
        <Suspense>
          <PagePreview page={impact.page} />
        </Suspense>
      ) : null}
    </aside>
  );
}

function ImpactTable({ table }: { table: Impact['tables'][number] }) {
  const { t, say } = useLang();
  const { currency } = useMeta().settings;
  const show = (value: Json | Pair | undefined, unit: string | undefined): string => {
    if (value === null || value === undefined) return '–';
    if (Array.isArray(value)) return say(value as unknown as Pair);
    if (unit === 'count') return formatInteger(value);
    if (unit === 'money') return formatMoney(value, currency);
    if (unit === 'rate') return formatRate(roundRate(value as Json));
    return String(value);
  };
  return (
    <table className="impact-table">
      <caption>{say(table.title)}</caption>
      <thead>
        <tr>
          {table.columns.map((column) => (
            <th key={column.name} scope="col" className={isNumber(column.unit) ? 'right' : undefined}>
              {say(column.label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.length === 0 ? (
          <tr>
            <td className="muted" colSpan={table.columns.length}>
              {t('impact.none')}
            </td>
          </tr>
        ) : null}
        {table.rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows come and go as one answer.
          <tr key={at}>
            {table.columns.map((column) => (
              <td key={column.name} className={isNumber(column.unit) ? 'right' : undefined}>
                {show(row[column.name], column.unit)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const isNumber = (unit: string | undefined): boolean => unit !== undefined && unit !== 'text';

/** Shares are shown to a tenth of a percent. */
function roundRate(value: Json): string {
  return formatDecimal(value, 3).replace(/,/g, '');
}
