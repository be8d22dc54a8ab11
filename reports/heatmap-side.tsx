/** Beside a heatmap: what rules suggest, how far visitors scrolled, on what they came. */
import { Link } from 'react-router';
import type { Lang } from '../api/contract.ts';
import {
  type ClickDepth,
  type ClickDevice,
  type ClickHint,
  type ClickHints,
  DEVICE_CLASSES,
} from '../api/contract-clicks.ts';
import { pick } from './cell-value.ts';
import { count, percent, tell } from './heatmap-words.ts';

export function Hints({
  hints,
  onHover,
  lang,
}: {
  hints: ClickHints | null;
  onHover(element: string | null): void;
  lang: Lang;
}) {
  const said = (hint: ClickHint) =>
    tell(lang, `hint_${hint.measure}`, {
      name: lang === 'zh' ? hint.label : hint.label_en,
      rate: percent(hint.rate, 0),
    });
  return (
    <section className="heatmap-card">
      <header>
        <h2>{tell(lang, 'hints')}</h2>
        <Link to="/page_hints">{tell(lang, 'hints_rules')}</Link>
      </header>
      {hints?.hints.length ? (
        <ul className="heatmap-hints">
          {hints.hints.map((hint) => (
            <li
              key={`${hint.code} ${hint.element}`}
              onMouseEnter={() => onHover(hint.element)}
              onMouseLeave={() => onHover(null)}
            >
              <strong>{said(hint)}</strong>
              {lang === 'zh' ? '：' : ': '}
              {lang === 'zh' ? hint.advice : hint.advice_en}
              <span className="heatmap-quiet">
                {tell(lang, 'hint_interval', {
                  low: percent(hint.rate_low),
                  high: percent(hint.rate_high),
                  count: count(lang, hint.of_count),
                })}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="heatmap-quiet">{hints ? tell(lang, 'hints_none') : tell(lang, 'loading')}</p>
      )}
    </section>
  );
}

export function ScrollCurve({ depths, lang }: { depths: readonly ClickDepth[]; lang: Lang }) {
  const of = depths[0]?.measured_count ?? 0;
  return (
    <section className="heatmap-card">
      <header>
        <h2>{tell(lang, 'curve')}</h2>
        <span className="heatmap-quiet">{tell(lang, 'curve_of', { count: count(lang, of) })}</span>
      </header>
      {of === 0 ? (
        <p className="heatmap-quiet">{tell(lang, 'none')}</p>
      ) : (
        <table className="heatmap-bars">
          <tbody>
            {depths
              .filter(({ depth_tenths }) => depth_tenths > 0)
              .map((each) => (
                <tr key={each.depth_tenths}>
                  <th scope="row">{tell(lang, 'depth', { depth: `${each.depth_tenths * 10}%` })}</th>
                  <td>
                    <Bar rate={each.reach_rate} />
                  </td>
                  <td className="number" title={`${percent(each.reach_low)}–${percent(each.reach_high)}`}>
                    {percent(each.reach_rate)}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function DeviceSplit({ devices, lang }: { devices: readonly ClickDevice[]; lang: Lang }) {
  return (
    <section className="heatmap-card">
      <header>
        <h2>{tell(lang, 'split')}</h2>
      </header>
      <table className="heatmap-bars">
        <tbody>
          {devices.map((each) => (
            <tr key={each.device_class}>
              <th scope="row">{pick(lang, DEVICE_CLASSES[each.device_class].label)}</th>
              <td>
                <Bar rate={each.visit_share} />
              </td>
              <td className="number">
                {percent(each.visit_share)}
                <span className="heatmap-quiet">{tell(lang, 'visits', { count: count(lang, each.visit_count) })}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Bar({ rate }: { rate: string | null }) {
  return (
    <span className="heatmap-bar" aria-hidden="true">
      <i style={{ width: `${Number(rate ?? 0) * 100}%` }} />
    </span>
  );
}
