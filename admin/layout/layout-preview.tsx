import { useEffect, useId, useMemo, useState } from 'react';
import type { MetaResource } from '../../api/contract.ts';
import { loadInputs } from '../fields/kinds.ts';
import { blankRecord } from '../form/changes.ts';
import { FormFields } from '../form/form-fields.tsx';
import { kindsIn } from '../form/kinds-in.ts';
import { useRecordForm } from '../form/use-record-form.ts';
import { useLang } from '../i18n/index.ts';
import { Skeleton } from '../ui/states.tsx';

/** A new record's form as the layout makes it, to be tried; nothing of it is saved. @param at the field that is being set up */
export function LayoutPreview({ resource, at }: { resource: MetaResource; at: string | null }) {
  const { t } = useLang();
  const [ready, setReady] = useState(false);
  const kinds = kindsIn(Object.values(resource.fields)).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the kinds say it.
  useEffect(() => {
    void loadInputs(kindsIn(Object.values(resource.fields))).then(() => setReady(true));
  }, [kinds]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in the preview must not save the layout around it.
    <div
      className="layout-preview"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.target as HTMLElement).tagName === 'INPUT') event.preventDefault();
      }}
    >
      <h2>{t('layout.preview')}</h2>
      <p className="layout-note">{t('layout.preview_note')}</p>
      {ready ? <Preview resource={resource} at={at} /> : <Skeleton lines={8} />}
    </div>
  );
}

const nothing = () => {};

function Preview({ resource, at }: { resource: MetaResource; at: string | null }) {
  const prefix = useId();
  const idOf = useMemo(() => (path: string) => `${prefix}-${path.replaceAll('.', '-')}`, [prefix]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed to try it stays while the layout changes.
  const start = useMemo(() => blankRecord(resource, new URLSearchParams()), [resource.name]);
  const form = useRecordForm({
    resource,
    start,
    record: null,
    onSaved: nothing,
    onProposed: nothing,
    onRefused: nothing,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: tabs that come hide it.
  useEffect(() => {
    const control = at === null ? null : document.getElementById(idOf(at));
    control?.dispatchEvent(new CustomEvent('reveal_tab', { bubbles: true }));
    control?.scrollIntoView({ block: 'nearest' });
  }, [at, idOf, resource.form_tabs]);
  return (
    <div className="record-form">
      <FormFields resource={resource} form={form} idOf={idOf} />
    </div>
  );
}
