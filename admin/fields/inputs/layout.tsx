import { Suspense } from 'react';
import type { FormLayout, Json } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { useResource } from '../../meta/meta.tsx';
import { later } from '../../ui/later.tsx';
import { Skeleton } from '../../ui/states.tsx';
import type { InputProps } from '../kind.ts';

const LayoutEditor = later(() => import('../../layout/layout-editor.tsx'));

export default function LayoutInput({ id, field, value, record, errors, disabled, onChange }: InputProps) {
  const { t } = useLang();
  const name = field.kind === 'layout' ? record?.[field.of] : undefined;
  const resource = useResource(typeof name === 'string' ? name : undefined);
  if (!resource) return <p className="muted">{t(name ? 'layout.no_form' : 'layout.choose_form')}</p>;
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <LayoutEditor
        key={resource.name}
        id={id}
        resource={resource}
        layout={(value ?? {}) as FormLayout}
        errors={errors ?? {}}
        disabled={disabled}
        onChange={(next) => onChange(next as unknown as Json)}
      />
    </Suspense>
  );
}
