import type { Predicate } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { contextNamed, useMeta } from '../../meta/meta.tsx';
import { PredicateEditor } from '../../predicate/editor.tsx';
import type { InputProps } from '../kind.ts';

export default function PredicateInput({ id, field, value, onChange, disabled, errors, describedBy }: InputProps) {
  const { t } = useLang();
  const meta = useMeta();
  const context = field.kind === 'predicate' ? contextNamed(meta, field.context) : undefined;
  if (!context) return <p className="muted">{t('predicate.no_context')}</p>;
  return (
    <PredicateEditor
      id={id}
      context={context}
      value={(value ?? {}) as Predicate}
      disabled={disabled}
      describedBy={describedBy}
      errors={errors}
      onChange={(next) => onChange(next as InputProps['value'] as Parameters<typeof onChange>[0])}
    />
  );
}
