import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useMeta } from '../../meta/meta.tsx';
import type { InputProps } from '../kind.ts';
import { utcToZoned, zonedToUtc } from '../zoned-time.ts';

/** Read and written as the programme's wall clock; UTC on the wire. */
export default function DatetimeInput({ id, value, onChange, disabled, invalid, describedBy }: InputProps) {
  const { time_zone } = useMeta().settings;
  // The picker only ever sees wall time: dayjs reads it without a zone and gives it back the same way.
  const wall = typeof value === 'string' ? dayjs(utcToZoned(value, time_zone)) : null;
  return (
    <span className={invalid ? 'invalid' : undefined}>
      <DatePicker
        id={id}
        showTime={{ format: 'HH:mm' }}
        value={wall?.isValid() ? wall : null}
        format="YYYY-MM-DD HH:mm"
        placeholder="YYYY-MM-DD HH:mm"
        disabled={disabled}
        // Enter takes the day that was typed; it must not send the form as well.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onChange={(day) => onChange(day ? zonedToUtc(day.format('YYYY-MM-DD HH:mm:00'), time_zone) : null)}
      />
    </span>
  );
}
