import { Suspense, useState } from 'react';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { later } from '../ui/later.tsx';
import type ExportDialogType from './export-dialog.tsx';

const ExportDialog = later(() => import('./export-dialog.tsx'));

type Props = Omit<Parameters<typeof ExportDialogType>[0], 'onClose'>;

/** Opens the export of a list; its code comes when somebody is about to ask for it. */
export function ExportButton(props: Props) {
  const { t } = useLang();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon="download" onPointerEnter={() => void ExportDialog.preload()} onClick={() => setOpen(true)}>
        {t('list.export')}
      </Button>
      <Suspense>{open ? <ExportDialog {...props} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}
