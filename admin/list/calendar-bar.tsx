import type { CSSProperties, DragEvent } from 'react';
import { Link } from 'react-router';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';
import type { CalendarProps, Happening } from './calendar.tsx';

/** One time a record takes place, as the link to it. */
export function Bar({
  resource,
  happening,
  drag,
  hint,
  onKey,
  style,
  open = '',
  grabbed,
}: Pick<CalendarProps, 'resource' | 'drag' | 'hint' | 'onKey'> & {
  happening: Happening;
  style?: CSSProperties;
  /** Begins before what is shown, or goes on after it. */
  open?: string;
  /** The day under the pointer when it is picked up; the first day when absent. */
  grabbed?(event: DragEvent): string;
}) {
  const { t } = useLang();
  return (
    <Link
      to={`/${resource.name}/${String(happening.row.id)}`}
      className={`bar-event${open} ${happening.tone ? `tone-${happening.tone} bar-toned` : ''}`}
      style={style}
      data-card={String(happening.row.id)}
      aria-label={happening.aloud}
      aria-describedby={hint}
      title={happening.aloud}
      draggable={drag ? true : undefined}
      onDragStart={
        drag ? (event) => drag.onStart(event, happening, grabbed?.(event) ?? happening.starts_on) : undefined
      }
      onKeyDown={(event) => onKey(event, happening)}
    >
      {happening.series ? <Icon name="repeat" size={12} /> : null}
      <span>{happening.title}</span>
      {happening.series ? <span className="visually-hidden">{t('calendar.repeats')}</span> : null}
    </Link>
  );
}
