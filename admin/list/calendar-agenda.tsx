/** What takes place, day after day: a calendar for a narrow window. */
import { useLang } from '../i18n/index.ts';
import type { CalendarProps, Happening } from './calendar.tsx';
import { Bar } from './calendar-bar.tsx';

export function Agenda(props: CalendarProps) {
  const { t } = useLang();
  const { happenings, today, window } = props;
  const days = new Map<string, Happening[]>();
  for (const each of [...happenings].sort((left, right) => (left.starts_on < right.starts_on ? -1 : 1))) {
    // What began before stands at the first day shown.
    const day = [each.starts_on, window.from].sort()[1] ?? each.starts_on;
    days.set(day, [...(days.get(day) ?? []), each]);
  }
  if (days.size === 0) return <p className="muted tree-note">{t('calendar.nothing')}</p>;
  return (
    <ul className="agenda">
      {[...days].map(([day, each]) => (
        <li key={day}>
          <h3 aria-current={day === today ? 'date' : undefined}>{day}</h3>
          <ul>
            {each.map((happening) => (
              <li key={String(happening.row.id)}>
                <Bar {...props} drag={undefined} happening={happening} />
                {happening.ends_on > happening.starts_on ? (
                  <p className="muted">{t('calendar.until', { day: happening.ends_on })}</p>
                ) : null}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
