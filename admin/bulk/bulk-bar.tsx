/** What can be done with the records that are chosen in a list. */
import './bulk.css';
import { Suspense, useMemo, useState } from 'react';
import { type ActionDefinition, actsOn, type MetaResource } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { sayTotal } from '../list/pager.tsx';
import { filterMeta, type ListView } from '../list/view.ts';
import { getList, type ListAnswer } from '../refine/data-provider.ts';
import { Button } from '../ui/button.tsx';
import { later } from '../ui/later.tsx';
import { editGroups } from './edit-fields.ts';
import { CHOSEN_MAX, countOf, type Picks, requestOf } from './selection.ts';

const EditMany = later(() => import('./edit-many.tsx'));
const DeleteMany = later(() => import('./delete-many.tsx'));
const ActionDialog = later(() => import('../detail/action-dialog.tsx'));

export interface BulkRights {
  edit: boolean;
  delete: boolean;
  actions: [name: string, definition: ActionDefinition][];
}

/** What this person may do with many records; null: there is nothing to choose them for. */
export function bulkRights(resource: MetaResource): BulkRights | null {
  const actions = Object.entries(resource.actions ?? {}).filter(([, each]) => actsOn(each, 'bulk'));
  const edit = resource.can.edit && editGroups(resource).length > 0;
  return edit || resource.can.delete || actions.length > 0 ? { edit, delete: resource.can.delete, actions } : null;
}

export function BulkBar({
  resource,
  rights,
  picks,
  view,
  answer,
  onDone,
}: {
  resource: MetaResource;
  rights: BulkRights;
  picks: Picks;
  view: ListView;
  answer: ListAnswer | undefined;
  /** Records were changed. */
  onDone(): void;
}) {
  const { t, say } = useLang();
  const { selection } = picks;
  const [open, setOpen] = useState<'edit' | 'delete' | BulkRights['actions'][number] | null>(null);
  const [counting, setCounting] = useState(false);
  const count = countOf(selection);
  const request = useMemo(() => requestOf(selection, resource, view), [selection, resource, view]);
  const told = count > 0 ? t('bulk.chosen', { n: formatInteger(count) }) : '';
  const chooseAll = async () => {
    setCounting(true);
    try {
      const { total } =
        answer?.relation === 'eq'
          ? answer
          : await getList({
              resource: resource.name,
              pagination: { currentPage: 1, pageSize: 1 },
              meta: { ...filterMeta(resource, view), fields: ['id'], count: 'exact' },
            });
      picks.chooseAll(total);
    } finally {
      setCounting(false);
    }
  };
  const tooMany = count > CHOSEN_MAX ? t('bulk.too_many', { n: formatInteger(CHOSEN_MAX) }) : null;
  const done = () => {
    setOpen(null);
    picks.clear();
    onDone();
  };
  const rest = { resource, picks, request, onClose: () => setOpen(null), onDone: done };
  return (
    <>
      <span className="visually-hidden" role="status">
        {told}
      </span>
      {count > 0 ? (
        <section className="bulk-bar" aria-label={t('bulk.bar')}>
          <strong>{told}</strong>
          {answer && (!selection.all || selection.named.size > 0) && answer.total > count ? (
            <button type="button" className="link" disabled={counting} onClick={() => void chooseAll()}>
              {t('bulk.choose_all', { n: sayTotal(answer) })}
            </button>
          ) : null}
          <span className="bulk-bar-space" />
          <span className="bulk-do">
            {rights.edit ? (
              <Button
                icon="edit"
                why={tooMany}
                onPointerEnter={() => void EditMany.preload()}
                onClick={() => setOpen('edit')}
              >
                {t('edit')}
              </Button>
            ) : null}
            {rights.actions.map((each) => (
              <Button key={each[0]} why={tooMany} onClick={() => setOpen(each)}>
                {say(each[1].label)}
              </Button>
            ))}
            {rights.delete ? (
              <Button
                tone="danger"
                icon="delete"
                why={tooMany}
                onPointerEnter={() => void DeleteMany.preload()}
                onClick={() => setOpen('delete')}
              >
                {t('delete')}
              </Button>
            ) : null}
          </span>
          <Button
            tone="quiet"
            className="bulk-clear"
            icon="close"
            aria-label={t('bulk.clear')}
            title={t('bulk.clear')}
            onClick={picks.clear}
          />
        </section>
      ) : null}
      <Suspense>
        {open === 'edit' ? <EditMany {...rest} /> : null}
        {open === 'delete' ? <DeleteMany {...rest} /> : null}
        {Array.isArray(open) ? (
          <ActionDialog
            resource={resource}
            record={null}
            many={{ ...request, count, onLeaveOut: picks.leaveOut }}
            name={open[0]}
            action={open[1]}
            onClose={() => setOpen(null)}
            onDone={done}
          />
        ) : null}
      </Suspense>
    </>
  );
}
