/** What changed and by what: the factors of net sales, the parts of sums, the rates and the mix of ratios. */
import type { ReportColumn } from '../api/contract-reports.ts';
import type { Contributions, RatioSplit, Retrospective } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { showSigned } from './change.ts';
import { Bar, Rows } from './retrospective-table.tsx';
import { monthOf, tell } from './retrospective-words.ts';

const column = (unit: ReportColumn['unit']): ReportColumn => ({ role: 'measure', label: ['', ''], unit });

export function Drivers({ body, reader }: { body: Retrospective; reader: Reader }) {
  const { lang } = reader;
  const { drivers, contributions, splits, month_on } = body;
  const most = Math.max(...(drivers?.factors ?? []).map(({ effect }) => Math.abs(Number(effect))), 0);
  return (
    <>
      {drivers ? (
        <>
          <p>
            {tell(lang, 'net_change', {
              net: showValue(drivers.net, column('money'), reader),
              before: showValue(drivers.previous_net, column('money'), reader),
              change: showSigned(drivers.change, column('money'), reader),
            })}
          </p>
          {drivers.factors ? (
            <>
              <h3>{tell(lang, 'by_factor')}</h3>
              <Rows
                label={tell(lang, 'by_factor')}
                rows={drivers.factors.map(({ name, label, unit, before, after, effect }) => ({
                  key: name,
                  at: `drivers/${name}/${month_on}`,
                  cells: [
                    { of: tell(lang, 'factor'), value: pick(lang, label) },
                    {
                      of: tell(lang, 'before'),
                      number: true,
                      value: showValue(before, column(unit), reader) || '–',
                    },
                    {
                      of: tell(lang, 'after'),
                      number: true,
                      value: showValue(after, column(unit), reader) || '–',
                    },
                    { of: tell(lang, 'effect'), number: true, value: showSigned(effect, column('money'), reader) },
                    { of: tell(lang, 'size'), value: <Bar value={Number(effect)} most={most} /> },
                  ],
                }))}
              />
              <p className="metric-note">{tell(lang, 'split_note')}</p>
            </>
          ) : (
            <p className="metric-note">{tell(lang, 'cannot_split')}</p>
          )}
        </>
      ) : (
        <p className="metric-note">{tell(lang, 'no_drivers')}</p>
      )}
      {contributions.map((each) => (
        <ByPart key={each.metric} of={each} reader={reader} />
      ))}
      {splits.map((each) => (
        <Split key={each.metric} of={each} reader={reader} />
      ))}
    </>
  );
}

function ByPart({ of: { metric, label, by, unit, parts }, reader }: { of: Contributions; reader: Reader }) {
  const { lang } = reader;
  if (parts.length === 0) return null;
  const title = tell(lang, 'contribution', { metric: pick(lang, label), by: pick(lang, by) });
  const most = Math.max(...parts.map(({ difference }) => Math.abs(Number(difference))));
  return (
    <>
      <h3>{title}</h3>
      <Rows
        label={title}
        rows={parts.map(({ part, label: name, before, after, difference }) => ({
          key: `${metric} ${part}`,
          cells: [
            { of: pick(lang, by), value: pick(lang, name) },
            { of: tell(lang, 'before'), number: true, value: showValue(before, column(unit), reader) },
            { of: tell(lang, 'after'), number: true, value: showValue(after, column(unit), reader) },
            { of: tell(lang, 'difference'), number: true, value: showSigned(difference, column(unit), reader) },
            { of: tell(lang, 'size'), value: <Bar value={Number(difference)} most={most} /> },
          ],
        }))}
      />
    </>
  );
}

function Split({ of, reader }: { of: RatioSplit; reader: Reader }) {
  const { lang } = reader;
  const { label, by, unit, step_on, before, after, rate_effect, mix_effect, against, parts } = of;
  const title = tell(lang, 'split', { metric: pick(lang, label), by: pick(lang, by) });
  const show = (value: string, as = unit) => showValue(value, column(as), reader);
  return (
    <>
      <h3>{title}</h3>
      {against ? <p className="retro-warning">{tell(lang, 'simpson')}</p> : null}
      <p>
        {tell(lang, 'split_sum', {
          ...{ before: show(before), after: show(after), step: monthOf(step_on) },
          ...{ rate: showSigned(rate_effect, column(unit), reader), mix: showSigned(mix_effect, column(unit), reader) },
        })}
      </p>
      <Rows
        label={title}
        rows={parts.map((part) => ({
          key: part.part,
          cells: [
            { of: pick(lang, by), value: pick(lang, part.label) },
            { of: tell(lang, 'before'), number: true, value: show(part.before) },
            { of: tell(lang, 'after'), number: true, value: show(part.after) },
            {
              of: tell(lang, 'share'),
              number: true,
              value: `${show(part.before_share, 'rate')} → ${show(part.after_share, 'rate')}`,
            },
            { of: tell(lang, 'rate_effect'), number: true, value: showSigned(part.rate_effect, column(unit), reader) },
            { of: tell(lang, 'mix_effect'), number: true, value: showSigned(part.mix_effect, column(unit), reader) },
          ],
        }))}
      />
    </>
  );
}
