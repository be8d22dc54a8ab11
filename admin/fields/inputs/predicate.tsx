import { useMemo } from 'react';
import type { Predicate } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { contextNamed, useMeta, useResource } from '../../meta/meta.tsx';
import { recordContext } from '../../predicate/context.ts';
import { PredicateEditor } from '../../predicate/editor.tsx';
import type { InputProps } from '../kind.ts';

export default function PredicateInput({
  id,
  field,
  value,
  record,
  onChange,
  disabled,
  errors,
  describedBy,
}: InputProps) {
  const { t } = useLang();
  const meta = useMeta();
  const { context: named, of } = field.kind === 'predicate' ? field : {};
  const about = useResource(of ? String(record?.[of]) : undefined);
  const context = useMemo(
    () => (about ? recordContext(about, meta.resources) : contextNamed(meta, named ?? '')),
    [about, meta, named],
  );
  if (!context) return <p className="muted">{t('predicate.no_context')}</p>;
  return (
    <PredicateEditor
      id={id}
      key={context.name}
      context={context}
      value={(value ?? {}) as Predicate}
      disabled={disabled}
      describedBy={describedBy}
      errors={errors}
      onChange={(next) => onChange(next as InputProps['value'] as Parameters<typeof onChange>[0])}
    />
  );
}
