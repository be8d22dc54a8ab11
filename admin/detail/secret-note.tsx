import { useState } from 'react';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

/** Something the server says once and never again, to be copied now. */
export function SecretNote({ secret }: { secret: string }) {
  const { t } = useLang();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // On a plain http address that is not localhost browsers give no clipboard: the text stays selectable.
    await navigator.clipboard?.writeText(secret).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <>
      <p className="note note-warning">
        <Icon name="warning" />
        <span>{t('secret.once')}</span>
      </p>
      <div className="secret">
        <input
          className="input"
          readOnly
          data-focus
          aria-label={t('secret.label')}
          value={secret}
          onFocus={(event) => event.target.select()}
        />
        <Button tone="primary" icon={copied ? 'check' : undefined} onClick={() => void copy()}>
          {t(copied ? 'secret.copied' : 'secret.copy')}
        </Button>
      </div>
      <span className="visually-hidden" role="status">
        {copied ? t('secret.copied') : ''}
      </span>
    </>
  );
}
