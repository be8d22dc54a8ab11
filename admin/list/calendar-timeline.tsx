/** A quarter: a line for each record, its times as bars over the weeks. */
import type { DragEvent } from 'react';
import { Link } from 'react-router';
import { dayNumber, dayText } from '../../api/recurrence.ts';
import { useLang } from '../i18n/index.ts';
import type { CalendarProps, Happening } from './calendar.tsx';
import { Bar } from './calendar-bar.tsx';

export function Timeline(props: CalendarProps) {
  const { t } = useLang();
  const { resource, happenings, today, window, drag } = props;
  const first = dayNumber(window.from);
  const days = dayNumber(window.to) - first + 1;
  const share = (day: string) => ((dayNumber(day) - first) / days) * 100;
  const lines = new Map<string, Happening[]>();
  for (const each of happenings) {
    const id = String(each.row.id);
    lines.set(id, [...(lines.get(id) ?? []), each]);
  }
  const months = [0, 1, 2].map((at) => {
    const from = new Date(`${window.from}T00:00:00Z`);
    from.setUTCMonth(from.getUTCMonth() + at);
    return from.toISOString().slice(0, 10);
  });
  const dayAt = (event: DragEvent, track: Element) => {
    const box = track.getBoundingClientRect();
    return dayText(first + Math.floor(((event.clientX - box.left) / box.width) * days));
  };
  if (lines.size === 0) return <p className="muted tree-note">{t('calendar.nothing')}</p>;
  return (
    <div className="timeline">
      <div className="timeline-row timeline-head" aria-hidden="true">
        <span />
        <div className="timeline-track">
          {months.map((month) => (
            <span key={month} style={{ left: `${share(month)}%` }}>
              {t('calendar.month_of', { year: month.slice(0, 4), month: Number(month.slice(5, 7)) })}
            </span>
          ))}
        </div>
      </div>
      <ul>
        {[...lines.values()].map((each) => {
          const [one] = each;
          if (!one) return null;
          return (
            <li className="timeline-row" key={String(one.row.id)}>
              <Link className="timeline-name" to={`/${resource.name}/${String(one.row.id)}`}>
                <span className="cell-text">{one.title}</span>
              </Link>
              {/* biome-ignore lint/a11y/noStaticElementInteractions: bars are also moved by keys. */}
              <div
                className="timeline-track"
                onDragOver={(event) => drag && event.preventDefault()}
                onDrop={(event) => drag?.onDrop(event, dayAt(event, event.currentTarget))}
              >
                {months.slice(1).map((month) => (
                  <i key={month} className="timeline-line" style={{ left: `${share(month)}%` }} />
                ))}
                {today >= window.from && today <= window.to ? (
                  <i className="timeline-line timeline-today" style={{ left: `${share(today)}%` }} />
                ) : null}
                {each.map((happening) => {
                  const left = Math.max(0, share(happening.starts_on));
                  const right = Math.min(100, share(dayText(dayNumber(happening.ends_on) + 1)));
                  return (
                    <Bar
                      key={happening.starts_on}
                      {...props}
                      happening={happening}
                      open={right - left < 3 ? ' bar-tiny' : ''}
                      style={{ left: `${left}%`, width: `${right - left}%` }}
                      grabbed={(event) => dayAt(event, event.currentTarget.parentElement!)}
                    />
                  );
                })}
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
