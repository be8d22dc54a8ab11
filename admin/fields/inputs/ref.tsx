import { Select } from 'antd';
import { Suspense, useState } from 'react';
import type { Row } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { oneLabel, titleField, titleOf, useResource } from '../../meta/meta.tsx';
import { Button } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import { openQuickLook } from '../../ui/quick-look-store.ts';
import type { InputProps } from '../kind.ts';
import { useOptions } from '../use-options.ts';

const CreateDrawer = later(() => import('../../form/create-drawer.tsx'));

/** A relation: found by typing, in the server's search, among what this person may choose; looked at, or made, in place. */
export default function RefInput(props: InputProps) {
  const { id, path, resource, field, value, label, onChange, onLabel, disabled, invalid, describedBy } = props;
  const { t, say, lang } = useLang();
  const chosen = typeof value === 'number' ? value : null;
  const [creating, setCreating] = useState(false);
  const search = useOptions({
    resource,
    name: path ?? props.name,
    chosen: chosen === null ? [] : [chosen],
    known: chosen !== null && typeof label === 'string' && label ? { [chosen]: label } : {},
    offer: field.kind === 'ref' ? field.options : undefined,
    record: props.record,
  });
  const target = useResource(field.kind === 'ref' ? field.to : undefined);
  // In the narrow cell of a list there is room for the choice alone.
  const roomy = path === undefined;
  const choose = (next: number | null, title: string) => {
    search.setText('');
    if (next !== null) onLabel?.(title, next);
    onChange(next);
  };
  const typed = target && search.text.trim() ? { [titleField(target, lang)]: search.text.trim() } : {};
  return (
    <span className={`relation${invalid ? ' invalid' : ''}`}>
      <Select
        id={id}
        showSearch={{ filterOption: false, searchValue: search.text, onSearch: search.setText }}
        labelInValue
        value={chosen === null ? undefined : { value: chosen, label: search.titleOf(chosen) }}
        options={search.found.map((option) => ({ value: option.id, label: option.label }))}
        loading={search.searching}
        notFoundContent={<span className="muted">{t(search.searching ? 'loading' : 'form.none_found')}</span>}
        allowClear={!field.required}
        placeholder={t('form.search_choose')}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onOpenChange={search.setOpen}
        onChange={(option?: { value: number; label: unknown }) =>
          option ? choose(option.value, search.titleOf(option.value)) : choose(null, '')
        }
      />
      {roomy && target?.can.list && chosen !== null ? (
        <Button
          icon="eye"
          aria-label={t('relation.look', { title: search.titleOf(chosen) })}
          title={t('relation.look', { title: search.titleOf(chosen) })}
          onClick={() => openQuickLook({ resource: target.name, id: chosen })}
        />
      ) : null}
      {roomy && target?.can.create && !disabled ? (
        <Button
          icon="add"
          aria-label={t('list.create', { label: oneLabel(target, say) })}
          title={t('list.create', { label: oneLabel(target, say) })}
          onClick={() => setCreating(true)}
        />
      ) : null}
      <Suspense>
        {creating && target ? (
          <CreateDrawer
            resource={target}
            start={typed}
            onClose={() => setCreating(false)}
            onSaved={(saved: Row) => {
              setCreating(false);
              choose(saved.id as number, titleOf(target, saved, lang));
            }}
          />
        ) : null}
      </Suspense>
    </span>
  );
}
