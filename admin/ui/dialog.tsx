/** A modal box or a drawer on the browser's own dialog element: it traps focus, closes on Escape and returns focus. */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useLang } from '../i18n/index.ts';
import { Button } from './button.tsx';

interface Props {
  title: ReactNode;
  onClose(): void;
  children: ReactNode;
  footer?: ReactNode;
  /** A drawer comes from the right edge and leaves the page visible. */
  drawer?: boolean;
  wide?: boolean;
}

export function Dialog({ title, onClose, children, footer, drawer, wide }: Props) {
  const { t } = useLang();
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // What the dialog is for; else its title, which says where one is.
    (dialog?.querySelector<HTMLElement>('[data-focus]') ?? dialog?.querySelector<HTMLElement>('h2'))?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it; the click outside is an extra.
    <dialog
      ref={ref}
      className={`dialog${drawer ? ' dialog-drawer' : ''}${wide ? ' dialog-wide' : ''}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading} tabIndex={-1}>
            {title}
          </h2>
          <Button tone="quiet" icon="close" aria-label={t('close')} onClick={onClose} />
        </header>
        <div className="dialog-content">{children}</div>
        {footer ? <footer className="dialog-foot">{footer}</footer> : null}
      </div>
    </dialog>
  );
}
