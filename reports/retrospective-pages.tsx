/** Chapter 5: how pages were used, what in them was clicked, and which ways are taken more or less than in the month before. */
import { Link } from 'react-router';
import type { PageChanges, RateChange } from '../api/contract-clicks.ts';
import type { Retrospective } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { showSigned } from './change.ts';
import { Rows } from './retrospective-table.tsx';
import { tell } from './retrospective-words.ts';
import { say } from './words.ts';

const RATE = { role: 'measure', label: ['', ''], unit: 'rate' } as const;
const COUNT = { ...RATE, unit: 'count' } as const;

export function Pages({ body, reader }: { body: Retrospective; reader: Reader }) {
  const { lang } = reader;
  const pages = body.pages?.pages ?? [];
  if (pages.length === 0) return <p className="metric-note">{say(lang, 'none')}</p>;
  const rate = (value: string | null) => showValue(value, RATE, reader) || '–';
  const change = ({ before, after }: RateChange) =>
    before === null ? rate(after) : tell(lang, 'page_from_to', { before: rate(before), after: rate(after) });
  const between = ({ low, high }: { low: string | null; high: string | null }) =>
    low === null || high === null ? '' : ` (${rate(low)} – ${rate(high)})`;
  return (
    <>
      <Rows
        label={tell(lang, 'pages')}
        rows={pages.map((page) => ({
          key: page.code,
          at: `pages/${page.code}/click_rate/${body.month_on}`,
          cells: [
            {
              of: tell(lang, 'page'),
              value: <Link to={`/reports/clicks/elements?page=${page.code}`}>{pick(lang, page.name)}</Link>,
            },
            { of: tell(lang, 'page_visits'), number: true, value: showValue(page.visits, COUNT, reader) },
            {
              of: tell(lang, 'page_click_rate'),
              number: true,
              value: `${change(page.click_rate)}${between(page.click_rate)}`,
            },
            { of: tell(lang, 'page_rage'), number: true, value: change(page.rage_rate) },
            { of: tell(lang, 'page_dead'), number: true, value: change(page.dead_rate) },
            { of: tell(lang, 'page_half'), number: true, value: change(page.half_rate) },
            { of: tell(lang, 'page_end'), number: true, value: change(page.end_rate) },
            { of: tell(lang, 'page_claims'), number: true, value: showValue(page.claims, COUNT, reader) },
          ],
        }))}
      />
      <p className="metric-note">{tell(lang, 'page_note')}</p>
      {pages.map((page) => (
        <Page key={page.code} page={page} reader={reader} rate={rate} />
      ))}
    </>
  );
}

function Page({
  page,
  reader,
  rate,
}: {
  page: PageChanges['pages'][number];
  reader: Reader;
  rate: (value: string | null) => string;
}) {
  const { lang } = reader;
  const name = pick(lang, page.name);
  const points = (value: string) => showSigned(value, RATE, reader);
  const apart = ({ value, low, high }: { value: string; low: string; high: string }) =>
    `${points(value)} (${points(low)} – ${points(high)})`;
  if (page.elements.length === 0) return null;
  return (
    <>
      <h3>{tell(lang, 'page_elements', { page: name })}</h3>
      <Rows
        label={tell(lang, 'page_elements', { page: name })}
        rows={page.elements.map(({ element, label, click_rate, difference, rage_rate, dead_rate, ...row }) => ({
          key: element,
          cells: [
            { of: tell(lang, 'page_element'), value: pick(lang, label) },
            { of: tell(lang, 'page_clicks'), number: true, value: showValue(row.clicks, COUNT, reader) },
            {
              of: tell(lang, 'page_click_rate'),
              number: true,
              value: `${rate(click_rate.after)} (${rate(click_rate.low)} – ${rate(click_rate.high)})`,
            },
            {
              of: tell(lang, 'on_month'),
              number: true,
              value: difference
                ? `${apart(difference)} ${Number(difference.low) > 0 || Number(difference.high) < 0 ? tell(lang, 'page_moved') : ''}`
                : '–',
            },
            { of: tell(lang, 'page_rage'), number: true, value: rate(rage_rate) },
            { of: tell(lang, 'page_dead'), number: true, value: rate(dead_rate) },
          ],
        }))}
      />
      {page.paths.length > 0 ? (
        <>
          <h4>{tell(lang, 'page_paths', { page: name })}</h4>
          <ul>
            {page.paths.map(({ from, to, share, difference }) => (
              <li key={`${from?.[0]} ${to?.[0]}`}>
                {tell(lang, 'page_path', {
                  from: from ? pick(lang, from) : tell(lang, 'page_opened'),
                  to: to ? pick(lang, to) : tell(lang, 'page_left'),
                  before: rate(share.before),
                  after: rate(share.after),
                  difference: apart(difference),
                })}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
