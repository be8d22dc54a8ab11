/** Deleting a record: what it would do is said before, and afterwards it can be taken back. */
import './bulk.css';
import { useDelete } from '@refinedev/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { DeletePreview, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import type { Versioned } from '../refine/data-provider.ts';
import { getJson, HttpFailure } from '../refine/http.ts';
import { recordPath } from '../refine/wire.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/states.tsx';
import { showToast } from '../ui/toast-store.ts';
import { References } from './references.tsx';
import { sayFailure, toastWithRestore } from './undo.ts';

export default function DeleteOne({
  resource,
  record,
  title,
  onClose,
}: {
  resource: MetaResource;
  record: Versioned;
  title: string;
  onClose(): void;
}) {
  const { t } = useLang();
  const navigate = useNavigate();
  const { mutateAsync: remove } = useDelete();
  const [busy, setBusy] = useState(false);
  const id = record.id as number;
  const { data: preview, error } = useQuery({
    queryKey: ['evergreen', 'delete-preview', resource.name, id],
    queryFn: ({ signal }) => getJson<DeletePreview[]>(`${recordPath(resource.name, id)}/_delete_preview`, signal),
    gcTime: 0,
    retry: false,
  });
  const blocked = preview?.some((each) => each.effect === 'blocks') ?? false;
  const run = async () => {
    setBusy(true);
    try {
      const { data } = await remove({
        resource: resource.name,
        id: String(id),
        meta: { etag: record.$etag },
        successNotification: false,
        errorNotification: false,
      });
      if (data.$proposed) {
        showToast({ text: t('propose.done') });
        return navigate(String(data.$proposed));
      }
      toastWithRestore(resource.name, t('delete.done', { title }), id);
      navigate(`/${resource.name}`);
    } catch (failure) {
      if (!(failure instanceof HttpFailure)) throw failure;
      onClose();
      showToast({ text: sayFailure(failure), tone: 'bad' });
    }
  };
  return (
    <Dialog
      title={t('delete.title', { title })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            tone="danger"
            busy={busy || !(preview || error)}
            why={blocked ? t('delete.blocked') : null}
            onClick={() => void run()}
          >
            {t('delete')}
          </Button>
        </>
      }
    >
      <p>{blocked ? t('delete.blocked') : t('delete.text')}</p>
      {preview ? <References preview={preview} ids={[id]} /> : error ? null : <Skeleton lines={2} />}
    </Dialog>
  );
}
