/** The daily health report: as it is this moment, or as it was written on a day. */
import type { HealthReport } from '../api/contract-written.ts';
import type { Reader } from './cell-value.ts';
import { HealthMetrics } from './health-metrics.tsx';
import { HealthStandings } from './health-standings.tsx';
import type { ReportsProps } from './report-page.tsx';
import { words } from './words.ts';
import { WrittenReport } from './written-report.tsx';

export default function HealthPage({ lang, subscribe }: ReportsProps) {
  return (
    <WrittenReport<HealthReport>
      title={words('health')}
      path="/api/_health"
      none="health_none"
      lang={lang}
      subscribe={subscribe}
    >
      {(report) => {
        const reader: Reader = { lang, currency: report.currency, today: report.reported_on };
        return (
          <>
            <HealthMetrics metrics={report.metrics} reader={reader} />
            <HealthStandings report={report} reader={reader} />
          </>
        );
      }}
    </WrittenReport>
  );
}
