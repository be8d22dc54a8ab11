/** A modal box or a drawer on the browser's own dialog element: it traps focus, closes on Escape and returns focus. */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useLang } from '../i18n/index.ts';
import { Button } from './button.tsx';

const OPEN = '.ant-select-open, .ant-picker-dropdown:not(.ant-picker-dropdown-hidden)';

interface Props {
  title: ReactNode;
  onClose(): void;
  children: ReactNode;
  footer?: ReactNode;
  /** A drawer comes from the right edge and leaves the page visible. */
  drawer?: boolean;
  wide?: boolean;
  /** Ends by its own button alone: what it shows is shown once. */
  stay?: boolean;
}

export function Dialog({ title, onClose, children, footer, drawer, wide, stay }: Props) {
  const { t } = useLang();
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const listOpen = useRef(false);
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
      // Escape closes what is open inside first, and the dialog only the next time.
      onKeyDownCapture={(event) => {
        if (event.key === 'Escape') listOpen.current = ref.current?.querySelector(OPEN) != null;
      }}
      onCancel={(event) => {
        event.preventDefault();
        if (!stay && !listOpen.current) onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current && !stay) onClose();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading} tabIndex={-1}>
            {title}
          </h2>
          {stay ? null : <Button tone="quiet" icon="close" aria-label={t('close')} onClick={onClose} />}
        </header>
        <div className="dialog-content">{children}</div>
        {footer ? <footer className="dialog-foot">{footer}</footer> : null}
      </div>
    </dialog>
  );
}
