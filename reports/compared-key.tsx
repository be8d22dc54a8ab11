/** What the dashed lines of a chart are, since they stand for other days. */
import type { Lang } from '../api/contract.ts';
import type { ReportComparison } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { COMPARED, DASHES } from './compared.ts';
import { palette } from './palette.ts';

export function ComparedKey({
  compared,
  lang,
  dark,
}: {
  compared: readonly ReportComparison[];
  lang: Lang;
  dark: boolean;
}) {
  const { other, muted, target } = palette(dark);
  const strokes = { previous_period: other, same_period_last_year: muted, target };
  return (
    <ul className="report-compared">
      {compared.map(({ against, days }) => (
        <li key={against}>
          <svg width="28" height="8" aria-hidden="true">
            <line x1="0" x2="28" y1="4" y2="4" stroke={strokes[against]} strokeDasharray={DASHES[against].join(' ')} />
          </svg>
          {pick(lang, COMPARED[against]).replace('{days}', days?.replace('..', ' – ') ?? '')}
        </li>
      ))}
    </ul>
  );
}
