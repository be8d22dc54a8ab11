import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useId } from 'react';
import type { Operand, PredicateField } from '../../api/contract.ts';
import { NumberInput, readDecimal, readInteger } from '../fields/number-input.tsx';
import { utcToZoned, zonedToUtc } from '../fields/zoned-time.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';

/** A value typed or chosen, by the type of its field. */
export function Literal({
  value,
  field,
  disabled,
  onChange,
}: {
  value: Operand | undefined;
  field: PredicateField;
  disabled?: boolean;
  onChange(value: Operand): void;
}) {
  const { t, say } = useLang();
  const { time_zone } = useMeta().settings;
  const id = useId();
  const label = t('predicate.value');
  if (field.choices) {
    return (
      <Select
        className="condition-choice"
        aria-label={label}
        value={typeof value === 'string' ? value : undefined}
        placeholder={t('form.choose')}
        disabled={disabled}
        popupMatchSelectWidth={false}
        options={Object.entries(field.choices).map(([code, each]) => ({ value: code, label: say(each) }))}
        onChange={(code: string) => onChange(code)}
      />
    );
  }
  switch (field.type) {
    case 'boolean':
      return (
        <select
          className="select"
          aria-label={label}
          value={value === false ? 'no' : value === true ? 'yes' : ''}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value === 'yes')}
        >
          <option value="" />
          <option value="yes">{t('yes')}</option>
          <option value="no">{t('no')}</option>
        </select>
      );
    case 'integer':
    case 'ids':
    case 'decimal':
      return (
        <NumberInput
          id={id}
          aloud={label}
          name={field.type}
          field={{ kind: 'integer', label: field.label }}
          resource=""
          value={(value ?? null) as string | number | null}
          disabled={disabled}
          show={String}
          read={field.type === 'decimal' ? readDecimal : readInteger}
          onChange={(next) => onChange(next as Operand)}
        />
      );
    case 'date':
    case 'time': {
      const time = field.type === 'time';
      const wall = typeof value === 'string' ? dayjs(time ? utcToZoned(value, time_zone) : value) : null;
      return (
        <DatePicker
          aria-label={label}
          showTime={time ? { format: 'HH:mm' } : false}
          format={time ? 'YYYY-MM-DD HH:mm' : 'YYYY-MM-DD'}
          value={wall?.isValid() ? wall : null}
          disabled={disabled}
          onChange={(day) =>
            onChange(
              !day ? null : time ? zonedToUtc(day.format('YYYY-MM-DD HH:mm:00'), time_zone) : day.format('YYYY-MM-DD'),
            )
          }
        />
      );
    }
    default:
      return (
        <input
          className="input"
          aria-label={label}
          value={typeof value === 'object' && value !== null && '$text' in value ? value.$text : String(value ?? '')}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value === '' ? null : literal(event.target.value))}
        />
      );
  }
}

/** A text that starts like a variable is meant as it is written. */
const literal = (text: string): Operand => (text.startsWith('$') ? { $text: text } : text);
