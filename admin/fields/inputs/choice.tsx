import { Select } from 'antd';
import { useLang } from '../../i18n/index.ts';
import type { InputProps } from '../kind.ts';

export default function ChoiceInput({ id, field, value, onChange, disabled, invalid, describedBy }: InputProps) {
  const { say, t } = useLang();
  const choices = 'choices' in field ? Object.entries(field.choices) : [];
  return (
    <span className={invalid ? 'invalid' : undefined}>
      <Select
        id={id}
        value={typeof value === 'string' ? value : undefined}
        options={choices.map(([code, label]) => ({ value: code, label: say(label) }))}
        allowClear={!field.required}
        showSearch={choices.length > 8 ? { optionFilterProp: 'label' } : false}
        placeholder={t('form.choose')}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onChange={(code?: string) => onChange(code ?? null)}
      />
    </span>
  );
}
