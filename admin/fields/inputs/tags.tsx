import { Select } from 'antd';
import { useLang } from '../../i18n/index.ts';
import type { InputProps } from '../kind.ts';

export default function TagsInput({ id, value, onChange, disabled, invalid, describedBy }: InputProps) {
  const { t } = useLang();
  return (
    <span className={invalid ? 'invalid' : undefined}>
      <Select
        id={id}
        mode="tags"
        value={Array.isArray(value) ? (value as string[]) : []}
        // Chinese commas separate too.
        tokenSeparators={[',', '，', ';', '；']}
        open={false}
        suffixIcon={null}
        placeholder={t('form.tags')}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onChange={(tags: string[]) => onChange(tags.map((tag) => tag.trim()).filter(Boolean))}
      />
    </span>
  );
}
