/** "How is this computed": the metrics with their definitions, the views read, the query itself. */
import { Alert, Drawer, Skeleton, Tag } from 'antd';
import type { Lang } from '../api/contract.ts';
import type { MetricDefinition, ReportDetails } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { useJson } from './http.ts';
import { say, type Word } from './words.ts';

export function DetailsDrawer({
  slug,
  lang,
  open,
  onClose,
}: {
  slug: string;
  lang: Lang;
  open: boolean;
  onClose(): void;
}) {
  const { data, error } = useJson<ReportDetails>(open ? `/api/_reports/details/${slug}` : null, { lang, owner: slug });
  return (
    <Drawer title={say(lang, 'how')} open={open} onClose={onClose} size="large">
      {error ? <Alert type="error" showIcon title={error.message} /> : null}
      {data ? <Details details={data} lang={lang} /> : error ? null : <Skeleton active title={false} />}
    </Drawer>
  );
}

function Details({ details, lang }: { details: ReportDetails; lang: Lang }) {
  const byCode = new Map(details.metrics.map((metric) => [metric.code, metric]));
  return (
    <div className="report-details">
      <h3>{say(lang, 'metrics')}</h3>
      <dl>
        {details.metrics.map((metric) => (
          <div key={metric.code}>
            <dt>
              {pick(lang, metric.label)} <code>{metric.code}</code>
            </dt>
            <dd>
              {pick(lang, metric.definition)}
              <p className="report-details-tags">
                {formula(metric, byCode, lang)}
                <Tag>{say(lang, `additive_${metric.additive}` as Word)}</Tag>
                {metric.ci === 'none' ? null : <Tag>{say(lang, `ci_${metric.ci}` as Word)}</Tag>}
                <span>{say(lang, 'version', { version: metric.version, since: metric.since })}</span>
              </p>
            </dd>
          </div>
        ))}
      </dl>
      <h3>{say(lang, 'views')}</h3>
      <dl>
        {details.views.map((view) => (
          <div key={view.name}>
            <dt>
              <code>report.{view.name}</code>
            </dt>
            <dd>{view.comment}</dd>
          </div>
        ))}
      </dl>
      <h3>{say(lang, 'query')}</h3>
      <p className="report-details-file">
        <code>{details.file}</code> <code>{details.hash.slice(0, 12)}</code>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long query is scrolled with the keyboard. */}
      <pre tabIndex={0}>{details.sql}</pre>
    </div>
  );
}

function formula(metric: MetricDefinition, byCode: ReadonlyMap<string, MetricDefinition>, lang: Lang) {
  if (!metric.num || !metric.den) return null;
  const name = (code: string) => {
    const found = byCode.get(code);
    return found ? pick(lang, found.label) : code;
  };
  return (
    <Tag>
      {name(metric.num)} ÷ {name(metric.den)}
    </Tag>
  );
}
