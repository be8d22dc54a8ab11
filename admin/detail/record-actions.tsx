import { Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { type ActionDefinition, actsOn, type MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf } from '../meta/meta.tsx';
import type { Versioned } from '../refine/data-provider.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { later } from '../ui/later.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { useAllowed } from './use-allowed.ts';

const DeleteOne = later(() => import('../bulk/delete-one.tsx'));
const ActionDialog = later(() => import('./action-dialog.tsx'));
/** As many stand as buttons; the others are in the menu. */
const BUTTONS = 2;

/** What else may be done with a record: the definition's actions, and deleting it. */
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
  const allowed = useAllowed(resource, record);
  const actions = Object.entries(resource.actions ?? {}).filter(([, each]) => actsOn(each, 'record'));
  const why = (each: ActionDefinition) => (allowed(each) ? null : t('action.not_now'));
  // What cannot be done with this record now goes to the menu, where it says why.
  const ready = actions.filter(([, each]) => !why(each)).slice(0, BUTTONS);
  const rest = actions.filter((each) => !ready.includes(each));
  const items: MenuItem[] = rest.map(([name, definition]) => ({
    key: name,
    label: say(definition.label),
    why: why(definition),
    run: () => setAction([name, definition]),
  }));
  if (resource.can.create) {
    const to = `/${resource.name}/new?copy=${String(record.id)}`;
    items.push({ key: '$copy', label: t('copy.open'), icon: 'copy', run: () => navigate(to) });
  }
  const last: MenuItem[] = resource.can.delete
    ? [{ key: '$delete', label: t('delete'), icon: 'delete', danger: true, run: () => setDeleting(true) }]
    : [];
  const title = titleOf(resource, record, lang);
  return (
    <>
      {ready.map(([name, definition]) => (
        <Button key={name} onClick={() => setAction([name, definition])}>
          {say(definition.label)}
        </Button>
      ))}
      {items.length + last.length > 0 ? (
        <Menu
          label={t('detail.more')}
          className="button button-default button-icon"
          trigger={<Icon name="more" />}
          groups={[items, last].filter((group) => group.length > 0)}
        />
      ) : null}
      {deleting ? (
        <Suspense>
          <DeleteOne resource={resource} record={record} title={title} onClose={() => setDeleting(false)} />
        </Suspense>
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
