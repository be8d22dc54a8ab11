import { Select } from 'antd';
import { useLang } from '../../i18n/index.ts';
import type { InputProps } from '../kind.ts';

export default function ChoicesInput({ id, field, value, onChange, disabled, invalid, describedBy }: InputProps) {
  const { say, t } = useLang();
  const choices = 'choices' in field ? Object.entries(field.choices) : [];
  return (
    <span className={invalid ? 'invalid' : undefined}>
      <Select
        id={id}
        mode="multiple"
        value={Array.isArray(value) ? (value as string[]) : []}
        options={choices.map(([code, label]) => ({ value: code, label: say(label) }))}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('form.choose')}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onChange={(codes: string[]) => onChange(codes)}
      />
    </span>
  );
}
