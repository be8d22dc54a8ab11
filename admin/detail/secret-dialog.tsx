import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SecretNote } from './secret-note.tsx';

/** Shows a secret this once; it closes when its reader says so, and not by a click beside it. */
export default function SecretDialog({ title, secret, onClose }: { title: string; secret: string; onClose(): void }) {
  const { t } = useLang();
  return (
    <Dialog title={title} stay onClose={onClose} footer={<Button onClick={onClose}>{t('secret.done')}</Button>}>
      <SecretNote secret={secret} />
    </Dialog>
  );
}
