import { useState } from 'react';
import { useLang } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

export function Confirm({
  title,
  text,
  ok,
  danger,
  onOk,
  onClose,
}: {
  title: string;
  text: string;
  ok: string;
  danger?: boolean;
  onOk(): Promise<void> | void;
  onClose(): void;
}) {
  const { t } = useLang();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await onOk();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button tone={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void run()}>
            {ok}
          </Button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}
