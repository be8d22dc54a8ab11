import { useDelete } from '@refinedev/core';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ActionDefinition, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf } from '../meta/meta.tsx';
import type { Versioned } from '../refine/data-provider.ts';
import { HttpFailure } from '../refine/http.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { showToast } from '../ui/toast-store.ts';

const ActionDialog = lazy(() => import('./action-dialog.tsx'));

/** What else may be done with a record: the definition's actions, a copy, deletion. */
export function RecordActions({
  resource,
  record,
  onDone,
}: {
  resource: MetaResource;
  record: Versioned;
  onDone(): void;
}) {
  const { t, say, lang } = useLang();
  const navigate = useNavigate();
  const [action, setAction] = useState<[name: string, definition: ActionDefinition] | null>(null);
  const [deleting, setDeleting] = useState(false);
  const { mutateAsync: remove } = useDelete();
  const actions = Object.entries(resource.actions ?? {}).filter(([, each]) => each.scope === 'record');
  const items: MenuItem[] = actions.map(([name, definition]) => ({
    key: name,
    label: say(definition.label),
    run: () => setAction([name, definition]),
  }));
  const last: MenuItem[] = resource.can.delete
    ? [{ key: '$delete', label: t('delete'), icon: 'delete', danger: true, run: () => setDeleting(true) }]
    : [];
  if (items.length + last.length === 0) return null;
  const title = titleOf(resource, record, lang);
  return (
    <>
      <Menu
        label={t('detail.more')}
        className="button button-default button-icon"
        trigger={<Icon name="more" />}
        groups={[items, last].filter((group) => group.length > 0)}
      />
      {deleting ? (
        <Confirm
          title={t('delete.title', { title })}
          text={t('delete.text')}
          ok={t('delete')}
          danger
          onClose={() => setDeleting(false)}
          onOk={async () => {
            try {
              await remove({
                resource: resource.name,
                id: String(record.id),
                meta: { etag: record.$etag },
                successNotification: false,
                errorNotification: false,
              });
              showToast({ text: t('delete.done', { title }) });
              navigate(`/${resource.name}`);
            } catch (error) {
              setDeleting(false);
              showToast({
                text: error instanceof HttpFailure && error.statusCode ? error.message : t('error.offline'),
                tone: 'bad',
              });
            }
          }}
        />
      ) : null}
      <Suspense>
        {action ? (
          <ActionDialog
            resource={resource}
            record={record}
            name={action[0]}
            action={action[1]}
            onClose={() => setAction(null)}
            onDone={() => {
              setAction(null);
              onDone();
            }}
          />
        ) : null}
      </Suspense>
    </>
  );
}
