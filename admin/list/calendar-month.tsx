/** The weeks of a month: dates on top, under them what takes place, across the days it lasts. */
import { type DragEvent, useState } from 'react';
import { Link } from 'react-router';
import { useLang } from '../i18n/index.ts';
import { Dialog } from '../ui/dialog.tsx';
import type { CalendarProps, Happening } from './calendar.tsx';
import { Bar } from './calendar-bar.tsx';
import { placeInWeek } from './calendar-days.ts';
import { calendarFields } from './layouts.ts';

/** What does not fit under a date is behind a button. */
const LINES = 4;

export function Month({ weeks, ...props }: CalendarProps & { weeks: readonly (readonly string[])[] }) {
  const { t } = useLang();
  const { resource, happenings, today, window, drag } = props;
  const [day, setDay] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const fields = calendarFields(resource)[0];
  // What goes on all the time would fill the lines of every week.
  const shown = { from: weeks[0]?.[0] ?? '', to: weeks.at(-1)?.[6] ?? '' };
  const isLong = ({ starts_on, ends_on }: Happening) => starts_on < shown.from && ends_on > shown.to;
  const long = happenings.filter(isLong);
  const short = happenings.filter((each) => !isLong(each));
  return (
    <>
      {long.length > 0 ? (
        <div className="month-long">
          <span className="muted">{t('calendar.all_along')}</span>
          {long.map((each) => (
            <Bar key={`${each.row.id} ${each.starts_on}`} {...props} happening={each} />
          ))}
        </div>
      ) : null}
      <div className="month">
        <div className="month-head" aria-hidden="true">
          {weeks[0]?.map((each, at) => (
            <span key={each}>{t(`weekday.${(at + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7}`)}</span>
          ))}
        </div>
        {weeks.map((week) => {
          const placed = placeInWeek(short, week);
          return (
            <div className="week" key={week[0]}>
              {week.map((each, at) => {
                const more = placed.filter(
                  ({ first, days, line }) => line >= LINES && at >= first && at < first + days,
                ).length;
                const outside = each < window.from || each > window.to;
                const names = [
                  'day',
                  each === today && 'day-today',
                  outside && 'day-outside',
                  over === each && 'day-over',
                ];
                return (
                  // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here is also moved by keys.
                  <div
                    key={each}
                    className={names.filter(Boolean).join(' ')}
                    style={{ gridColumn: at + 1 }}
                    data-day={each}
                    onDragOver={(event) => {
                      if (!drag) return;
                      event.preventDefault();
                      if (over !== each) setOver(each);
                    }}
                    onDragLeave={() => setOver(null)}
                    onDrop={(event) => {
                      setOver(null);
                      drag?.onDrop(event, each);
                    }}
                  >
                    <time dateTime={each} aria-current={each === today ? 'date' : undefined}>
                      {Number(each.slice(8))}
                      <span className="visually-hidden"> {each}</span>
                    </time>
                    {resource.can.create && fields ? (
                      <Link
                        className="day-add"
                        to={`/${resource.name}/new?${new URLSearchParams({ [fields.from]: each, ...(fields.to ? { [fields.to]: each } : {}) })}`}
                        aria-label={t('calendar.add', { day: each })}
                      >
                        +
                      </Link>
                    ) : null}
                    {more > 0 ? (
                      <button type="button" className="day-more" onClick={() => setDay(each)}>
                        {t('calendar.more', { n: more })}
                      </button>
                    ) : null}
                  </div>
                );
              })}
              {placed
                .filter(({ line }) => line < LINES)
                .map(({ item, first, days, line, before, after }) => (
                  <Bar
                    key={`${item.row.id} ${item.starts_on}`}
                    {...props}
                    happening={item}
                    open={`${before ? ' bar-before' : ''}${after ? ' bar-after' : ''}`}
                    style={{ gridColumn: `${first + 1} / span ${days}`, gridRow: line + 2 }}
                    grabbed={(event) => dayUnder(event, week, first, days)}
                  />
                ))}
            </div>
          );
        })}
        {day ? (
          <Dialog title={day} onClose={() => setDay(null)}>
            <ul className="day-list">
              {happenings
                .filter(({ starts_on, ends_on }: Happening) => starts_on <= day && ends_on >= day)
                .map((each) => (
                  <li key={`${each.row.id} ${each.starts_on}`}>
                    <Bar {...props} drag={undefined} happening={each} />
                  </li>
                ))}
            </ul>
          </Dialog>
        ) : null}
      </div>
    </>
  );
}

/** A long bar is picked up at some day of it; that day goes where the pointer goes. */
function dayUnder(event: DragEvent, week: readonly string[], first: number, days: number): string {
  const box = event.currentTarget.getBoundingClientRect();
  const at = Math.floor(((event.clientX - box.left) / box.width) * days);
  return week[first + Math.min(days - 1, Math.max(0, at))] ?? week[first] ?? '';
}
