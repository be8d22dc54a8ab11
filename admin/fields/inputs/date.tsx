import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import type { InputProps } from '../kind.ts';

/** A civil date, "YYYY-MM-DD" from end to end; dayjs lives only inside the picker. */
export default function DateInput({ id, value, onChange, disabled, invalid, describedBy }: InputProps) {
  return (
    <span className={invalid ? 'invalid' : undefined}>
      <DatePicker
        id={id}
        value={typeof value === 'string' && dayjs(value).isValid() ? dayjs(value) : null}
        format="YYYY-MM-DD"
        placeholder="YYYY-MM-DD"
        disabled={disabled}
        // Enter takes the day that was typed; it must not send the form as well.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onChange={(day) => onChange(day ? day.format('YYYY-MM-DD') : null)}
      />
    </span>
  );
}
