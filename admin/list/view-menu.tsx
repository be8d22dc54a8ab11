/** Which view of the list this is; the way to the others, and to keeping what is shown as one. */
import { useState } from 'react';
import type { SavedView } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { send } from '../refine/http.ts';
import { META_KEY, queryClient } from '../refine/query-client.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { showToast } from '../ui/toast-store.ts';
import { changeHabits } from './habits.ts';
import { isChanged, type ListView, type Standing, viewSettings } from './view.ts';
import { ViewDialog } from './view-dialog.tsx';

export function ViewMenu({
  standing,
  view,
  onOpen,
}: {
  standing: Standing;
  view: ListView;
  /** Shows a view by its code; '' is the plain list. */
  onOpen(code: string): void;
}) {
  const { t } = useLang();
  const [asking, setAsking] = useState<'new' | 'edit' | 'delete' | null>(null);
  const { resource, views, first, habits } = standing;
  const current = views.find(({ code }) => code === view.view);
  const changed = isChanged(view, standing);
  const settings = { ...viewSettings(view), ...keptRefresh(current) };

  const store = async (path: string, method: string, body: object, done: string) => {
    try {
      const { body: saved } = await send(method, path, { body });
      await reloadViews();
      showToast({ text: done });
      return saved as SavedView;
    } catch (error) {
      showToast({ text: error instanceof Error ? error.message : String(error), tone: 'bad' });
      return null;
    }
  };
  const update = async () => {
    if (!current) return;
    const saved = await store(
      `/api/_views/${current.code}`,
      'PATCH',
      { settings },
      t('view.saved', { name: current.name }),
    );
    if (saved) onOpen(saved.code);
  };
  const remove = async () => {
    if (!current) return;
    const gone = await store(`/api/_views/${current.code}`, 'DELETE', {}, t('delete.done', { title: current.name }));
    setAsking(null);
    if (gone !== null) onOpen('');
  };
  const copy = async () => {
    if (!current) return;
    await navigator.clipboard.writeText(`${location.origin}/v/${current.code}`).then(
      () => showToast({ text: t('view.copied') }),
      () => showToast({ text: `${location.origin}/v/${current.code}`, tone: 'info' }),
    );
  };

  const entry = (each: SavedView): MenuItem => ({
    key: each.code,
    label: each.mine ? each.name : t('view.by', { name: each.name, owner: each.owner }),
    checked: each.code === view.view,
    run: () => onOpen(each.code),
  });
  const commands: MenuItem[] = [
    ...(current?.can_edit && changed
      ? [{ key: 'save', icon: 'check', label: t('view.update'), run: () => void update() }]
      : []),
    { key: 'new', icon: 'add', label: t('view.save_as'), run: () => setAsking('new') },
    ...(current?.can_edit ? [{ key: 'edit', icon: 'edit', label: t('view.edit'), run: () => setAsking('edit') }] : []),
    ...(current ? [{ key: 'copy', icon: 'link', label: t('view.copy'), run: () => void copy() }] : []),
    ...(view.view !== first
      ? [
          {
            key: 'first',
            icon: 'star',
            label: t('view.first'),
            run: () => {
              changeHabits(resource.name, { view: view.view });
              showToast({ text: t('view.first_done') });
            },
          },
        ]
      : []),
    ...(current?.can_edit
      ? [{ key: 'delete', icon: 'delete', danger: true, label: t('view.delete'), run: () => setAsking('delete') }]
      : []),
  ];
  return (
    <div className="view-menu">
      <Menu
        align="left"
        className="button button-quiet view-button"
        trigger={
          <>
            <Icon name="bookmark" />
            <span>{current?.name ?? t('view.plain')}</span>
            {current && changed ? <span className="chip">{t('view.changed')}</span> : null}
            <Icon name="down" size={12} />
          </>
        }
        groups={[
          [
            { key: 'plain', label: t('view.plain'), checked: view.view === '', run: () => onOpen('') },
            ...views.filter(({ mine }) => mine).map(entry),
          ],
          views.filter(({ mine }) => !mine).map(entry),
          commands,
        ].filter((group) => group.length > 0)}
      />
      {asking === 'new' || (asking === 'edit' && current) ? (
        <ViewDialog
          resource={resource}
          settings={settings}
          view={asking === 'edit' ? current : undefined}
          onClose={() => setAsking(null)}
          onSaved={(saved) => {
            setAsking(null);
            // Once saved in another view, what was chosen here is no habit to fall back on.
            if (habits.view === undefined || asking === 'new') onOpen(saved.code);
          }}
        />
      ) : null}
      {asking === 'delete' && current ? (
        <Confirm
          title={t('delete.title', { title: current.name })}
          text={t(current.visibility === 'private' ? 'view.delete_text' : 'view.delete_shared')}
          ok={t('delete')}
          danger
          onOk={remove}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </div>
  );
}

/** How often it reads itself again belongs to the view, not to what is shown at the moment. */
const keptRefresh = (view: SavedView | undefined) =>
  view?.settings.refresh_s ? { refresh_s: view.settings.refresh_s } : {};

/** The definitions say which views there are. */
export const reloadViews = (): Promise<void> => queryClient.invalidateQueries({ queryKey: META_KEY });
