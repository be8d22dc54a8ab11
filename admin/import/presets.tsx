import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportMapping, ImportPreset, ImportStatus, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { getJson, HttpFailure, postJson, send } from '../refine/http.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Panel } from '../ui/menu.tsx';
import { showToast } from '../ui/toast-store.ts';

/** Remembered mappings: taken, saved under a name, forgotten. */
export function Presets({
  resource,
  status,
  mapping,
  onApply,
}: {
  resource: MetaResource;
  status: ImportStatus;
  mapping: ImportMapping;
  onApply(mapping: ImportMapping): void;
}) {
  const { t, say } = useLang();
  const [name, setName] = useState('');
  const { data: presets, refetch } = useQuery({
    queryKey: ['evergreen', 'import-presets', resource.name],
    queryFn: () => getJson<ImportPreset[]>(`/api/_import_presets?${new URLSearchParams({ resource: resource.name })}`),
    retry: false,
  });
  const said = (preset: ImportPreset) => (typeof preset.name === 'string' ? preset.name : say(preset.name));
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await refetch();
    } catch (error) {
      showToast({
        text: error instanceof HttpFailure && error.statusCode ? error.message : t('error.offline'),
        tone: 'bad',
      });
    }
  };
  return (
    <Panel
      label={t('import.presets')}
      trigger={
        <>
          <Icon name="layers" />
          {t('import.presets')}
        </>
      }
    >
      {(close) => (
        <div className="presets">
          <ul>
            {(presets ?? []).map((preset) => {
              const fits = Object.values(preset.mapping.columns).every((header) => status.headers.includes(header));
              return (
                <li key={preset.id ?? said(preset)}>
                  <button
                    type="button"
                    className="menu-item"
                    aria-disabled={!fits || undefined}
                    title={fits ? undefined : t('import.preset_unfit')}
                    onClick={() => {
                      if (!fits) return;
                      onApply(preset.mapping);
                      close();
                    }}
                  >
                    <span>{said(preset)}</span>
                  </button>
                  {preset.id !== null ? (
                    <Button
                      tone="quiet"
                      small
                      icon="delete"
                      aria-label={t('import.preset_forget', { name: said(preset) })}
                      onClick={() => void attempt(() => send('DELETE', `/api/_import_presets/${preset.id}`))}
                    />
                  ) : null}
                </li>
              );
            })}
          </ul>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!name.trim()) return;
              void attempt(() =>
                postJson('/api/_import_presets', { resource: resource.name, name: name.trim(), mapping }),
              ).then(() => setName(''));
            }}
          >
            <input
              className="input"
              aria-label={t('import.preset_name')}
              placeholder={t('import.preset_name')}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit">{t('import.preset_save')}</Button>
          </form>
        </div>
      )}
    </Panel>
  );
}
