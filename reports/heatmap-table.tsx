/** What was clicked, by element; or the rates of two beside each other. A row and its rectangle point at each other. */
import { Tag } from 'antd';
import type { Lang } from '../api/contract.ts';
import type { ClickComparison, ClickElement } from '../api/contract-clicks.ts';
import { count, percent, tell } from './heatmap-words.ts';

interface Hovering {
  hovered: string | null;
  onHover(element: string | null): void;
}

export function ElementTable({
  elements,
  hovered,
  onHover,
  lang,
}: Hovering & { elements: readonly ClickElement[]; lang: Lang }) {
  const shown = elements.filter(({ click_count }) => click_count > 0);
  const most = Math.max(0.01, ...shown.map((each) => Number(each.click_rate_high ?? 0)));
  return (
    <div className="heatmap-scroll">
      <table className="heatmap-table">
        <thead>
          <tr>
            <th scope="col">{tell(lang, 'element')}</th>
            <th scope="col" className="number">
              {tell(lang, 'views')}
            </th>
            <th scope="col" className="number">
              {tell(lang, 'clicks')}
            </th>
            <th scope="col">{tell(lang, 'rate')}</th>
            <th scope="col" className="number">
              {tell(lang, 'share')}
            </th>
            <th scope="col" className="number">
              {tell(lang, 'rage_rate')}
            </th>
            <th scope="col" className="number">
              {tell(lang, 'dead_rate')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((each) => (
            <tr
              key={each.element}
              data-element={each.element}
              className={each.element === hovered ? 'heatmap-over' : undefined}
              onMouseEnter={() => onHover(each.element)}
              onMouseLeave={() => onHover(null)}
            >
              <th scope="row">
                <button type="button" onFocus={() => onHover(each.element)} onBlur={() => onHover(null)}>
                  {lang === 'zh' ? each.label : each.label_en}
                </button>
                {each.label === each.element ? null : <code>{each.element}</code>}
              </th>
              <td className="number">{count(lang, each.page_visit_count)}</td>
              <td className="number">{count(lang, each.click_count)}</td>
              <td>
                <span className="heatmap-rate">
                  <span className="number">{percent(each.click_rate)}</span>
                  <Interval low={each.click_rate_low} high={each.click_rate_high} rate={each.click_rate} most={most} />
                  <span className="heatmap-quiet">
                    {percent(each.click_rate_low)}–{percent(each.click_rate_high)}
                  </span>
                </span>
              </td>
              <td className="number">{percent(each.click_share)}</td>
              <td className="number">{percent(each.rage_rate)}</td>
              <td className="number">{percent(each.dead_rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Interval({
  low,
  high,
  rate,
  most,
}: {
  low: string | null;
  high: string | null;
  rate: string | null;
  most: number;
}) {
  const place = (value: string | null) => `${Math.min(100, (Number(value ?? 0) / most) * 100)}%`;
  return (
    <span className="heatmap-interval" aria-hidden="true">
      <i style={{ left: place(low), right: `calc(100% - ${place(high)})` }} />
      <b style={{ left: place(rate) }} />
    </span>
  );
}

const TONES = { more: 'success', less: 'warning', unclear: 'default' } as const;

export function ComparisonTable({
  comparison,
  names,
  hovered,
  onHover,
  lang,
}: Hovering & { comparison: ClickComparison; names: readonly [string, string]; lang: Lang }) {
  const points = (value: string | null) => (value === null ? '–' : (Number(value) * 100).toFixed(1));
  return (
    <div className="heatmap-scroll">
      <table className="heatmap-table">
        <thead>
          <tr>
            <th scope="col">{tell(lang, 'element')}</th>
            {names.map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
            <th scope="col" className="number">
              {tell(lang, 'difference')}
            </th>
            <th scope="col" aria-label={tell(lang, 'compare')} />
          </tr>
        </thead>
        <tbody>
          {comparison.elements.map((each) => (
            <tr
              key={each.element}
              data-element={each.element}
              className={each.element === hovered ? 'heatmap-over' : undefined}
              onMouseEnter={() => onHover(each.element)}
              onMouseLeave={() => onHover(null)}
            >
              <th scope="row">{lang === 'zh' ? each.label : each.label_en}</th>
              <td className="number">{percent(each.click_rate)}</td>
              <td className="number">{percent(each.other_click_rate)}</td>
              <td className="number">
                {points(each.difference)}{' '}
                {each.difference_low === null ? null : (
                  <span className="heatmap-quiet">
                    ({points(each.difference_low)} – {points(each.difference_high)})
                  </span>
                )}
              </td>
              <td>
                {each.verdict ? <Tag color={TONES[each.verdict]}>{tell(lang, `verdict_${each.verdict}`)}</Tag> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
