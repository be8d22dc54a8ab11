/** Records on the days they take place: a month as weeks, a quarter as lines, on a phone as an agenda. */
import './calendar.css';
import { type DragEvent, type KeyboardEvent, useId, useState } from 'react';
import type { MetaResource, Row } from '../../api/contract.ts';
import { dayNumber, moveBy, occurrences, type Span } from '../../api/recurrence.ts';
import { utcToZoned } from '../fields/zoned-time.ts';
import { useLang } from '../i18n/index.ts';
import { isWritable, titleOf, useMeta } from '../meta/meta.tsx';
import { HttpFailure } from '../refine/http.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { showToast } from '../ui/toast-store.ts';
import { useNarrow } from '../ui/use-narrow.ts';
import { reasonOf } from './board.tsx';
import { Agenda } from './calendar-agenda.tsx';
import { type Stretch, stretchOf, turn, weeksOf } from './calendar-days.ts';
import { Month } from './calendar-month.tsx';
import { Timeline } from './calendar-timeline.tsx';
import { refreshLayout, usePieces } from './layout-query.ts';
import { calendarFields, calendarRequest, calendarWhere, timesOf } from './layouts.ts';
import { changeRecord } from './move-record.ts';
import type { ListView } from './view.ts';

const AT_ONCE = 500;

/** One time that a record takes place. */
export interface Happening extends Span {
  row: Row;
  title: string;
  /** What is said aloud: the title, the days, whether it repeats. */
  aloud: string;
  series: boolean;
  tone: string | undefined;
}
/** What the month, the lines and the agenda share. */
export interface CalendarProps {
  resource: MetaResource;
  happenings: readonly Happening[];
  today: string;
  window: { from: string; to: string };
  /** Absent where the dates cannot be changed. */
  drag?: {
    onStart(event: DragEvent, happening: Happening, day: string): void;
    onDrop(event: DragEvent, day: string): void;
  };
  /** Of a happening that has the focus. */
  onKey(event: KeyboardEvent, happening: Happening): void;
  hint: string;
}
interface Move {
  happening: Happening;
  days: number;
}

export default function Calendar({ resource, view }: { resource: MetaResource; view: ListView }) {
  const { t, lang } = useLang();
  const { settings } = useMeta();
  const hint = useId();
  const narrow = useNarrow();
  const today = utcToZoned(new Date().toISOString(), settings.time_zone).slice(0, 10);
  const [stretch, setStretch] = useState<Stretch>('month');
  const [day, setDay] = useState(today);
  const [held, setHeld] = useState<{ happening: Happening; day: string } | null>(null);
  const [asking, setAsking] = useState<Move | null>(null);
  const [said, setSaid] = useState('');
  const offered = calendarFields(resource);
  const fields = offered.find(({ from }) => from === view.by) ?? offered[0]!;
  const inside = stretchOf(day, stretch);
  const weeks = weeksOf(inside);
  // A month shows the days around it that complete its weeks.
  const window = stretch === 'month' && !narrow ? { from: weeks[0]![0]!, to: weeks.at(-1)![6]! } : inside;
  const [answer] = usePieces(resource, view, [
    { where: calendarWhere(fields, window), fields: calendarRequest(resource, fields), size: AT_ONCE },
  ]);
  const movable =
    resource.can.edit && isWritable(resource, fields.from) && (!fields.to || isWritable(resource, fields.to));

  const happenings = (answer?.data?.data ?? []).flatMap((row): Happening[] => {
    const times = timesOf(row, fields);
    if (!times) return [];
    const title = titleOf(resource, row, lang);
    const series = times.rule.repeat !== null;
    const tone = resource.list.tones?.[String(row.$tone)];
    return occurrences(times.first, times.rule, window).map((span) => {
      const days = span.starts_on === span.ends_on ? span.starts_on : `${span.starts_on} – ${span.ends_on}`;
      const aloud = [title, days, series && t('calendar.repeats'), tone?.label[lang === 'zh' ? 0 : 1]];
      return { ...span, row, title, series, tone: tone?.tone, aloud: aloud.filter(Boolean).join(t('comma')) };
    });
  });

  const move = async ({ happening, days }: Move) => {
    setAsking(null);
    const { row, title } = happening;
    const times = timesOf(row, fields);
    if (!times || days === 0) return;
    const moved = moveBy(times.first, times.rule, days);
    const weekly = fields.repeat && times.rule.weekdays && times.rule.weekdays.length > 0;
    try {
      const waiting = await changeRecord(resource, row, {
        [fields.from]: moved.starts_on,
        ...(fields.to && row[fields.to] ? { [fields.to]: moved.ends_on } : {}),
        ...(weekly ? { [`${fields.repeat}_weekdays`]: moved.weekdays } : {}),
      });
      if (waiting) showToast({ text: t('propose.done') });
      setSaid(waiting ? t('propose.done') : t('calendar.moved', { title, day: moved.starts_on }));
    } catch (error) {
      const stale = error instanceof HttpFailure && error.statusCode === 412;
      const sentence = stale ? t('board.stale', { title }) : reasonOf(error);
      showToast({ text: sentence, tone: 'bad' });
      setSaid(sentence);
    }
    await refreshLayout(resource.name);
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${String(row.id)}"]`)?.focus());
  };
  const ask = (change: Move) => (change.happening.series ? setAsking(change) : void move(change));
  const shared: CalendarProps = {
    resource,
    happenings,
    today,
    window: inside,
    hint,
    onKey: (event, happening) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
      if (!event.altKey || !step || !movable) return;
      event.preventDefault();
      ask({ happening, days: step });
    },
    ...(movable
      ? {
          drag: {
            onStart: (event, happening, grabbed) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', String(happening.row.id));
              setHeld({ happening, day: grabbed });
            },
            onDrop: (event, dropped) => {
              event.preventDefault();
              if (held) ask({ happening: held.happening, days: dayNumber(dropped) - dayNumber(held.day) });
              setHeld(null);
            },
          },
        }
      : {}),
  };
  const title =
    stretch === 'month'
      ? t('calendar.month_of', { year: inside.from.slice(0, 4), month: Number(inside.from.slice(5, 7)) })
      : t('calendar.quarter_of', { year: inside.from.slice(0, 4), quarter: (Number(inside.from.slice(5, 7)) + 2) / 3 });
  return (
    <div className="calendar">
      <div className="calendar-head">
        <Button
          icon="left"
          aria-label={t(`calendar.previous_${stretch}`)}
          onClick={() => setDay(turn(day, stretch, -1))}
        />
        <Button icon="right" aria-label={t(`calendar.next_${stretch}`)} onClick={() => setDay(turn(day, stretch, 1))} />
        <Button onClick={() => setDay(today)}>{t('calendar.today')}</Button>
        <h2 aria-live="polite">{title}</h2>
        <fieldset className="layout-switch">
          <legend className="visually-hidden">{t('calendar.stretch')}</legend>
          {(['month', 'quarter'] as const).map((each) => (
            <button
              key={each}
              type="button"
              className="scope"
              aria-pressed={stretch === each}
              onClick={() => setStretch(each)}
            >
              {t(`calendar.${each}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <p className="visually-hidden" id={hint}>
        {movable ? t('calendar.hint') : t('calendar.fixed')}
      </p>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {answer?.isError && !answer.data ? (
        <Failure error={answer.error} onRetry={() => void refreshLayout(resource.name)} />
      ) : !answer?.data ? (
        <Skeleton lines={8} />
      ) : narrow ? (
        <Agenda {...shared} />
      ) : stretch === 'month' ? (
        <Month {...shared} weeks={weeks} />
      ) : (
        <Timeline {...shared} />
      )}
      {answer?.data && answer.data.total > answer.data.data.length ? (
        <p className="muted tree-note">{t('tree.cut', { n: answer.data.data.length })}</p>
      ) : null}
      {asking ? (
        <Confirm
          title={t('calendar.move_series', { title: asking.happening.title })}
          text={t('calendar.move_series_text', { n: Math.abs(asking.days) })}
          ok={t('calendar.move')}
          onOk={() => move(asking)}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </div>
  );
}
