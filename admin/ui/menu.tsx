/** A button that opens a list of commands, or any small panel. Arrow keys move, Escape closes and gives focus back. */
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

export interface MenuItem {
  key: string;
  label: string;
  icon?: string;
  danger?: boolean;
  checked?: boolean;
  why?: string | null;
  run(): void;
}

export function Menu({
  label,
  trigger,
  groups,
  align = 'right',
  className = 'button button-default',
}: {
  /** What the button is called when `trigger` is not text enough. */
  label?: string;
  trigger: ReactNode;
  groups: MenuItem[][];
  align?: 'left' | 'right';
  className?: string;
}) {
  const { open, setOpen, root, button } = usePopup();
  const id = useId();
  const choose = (item: MenuItem) => {
    if (item.why) return;
    setOpen(false);
    button.current?.focus();
    item.run();
  };
  return (
    <div className="popup" ref={root}>
      <button
        type="button"
        ref={button}
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open ? (
        <div className={`popup-panel menu popup-${align}`} role="menu" id={id} onKeyDown={(event) => moveFocus(event)}>
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one menu do not move.
            <div className="menu-group" key={index} role="none">
              {group.map((item) => (
                <button
                  key={item.key}
                  type="button"
                  {...(item.checked === undefined
                    ? { role: 'menuitem' }
                    : { role: 'menuitemradio', 'aria-checked': item.checked })}
                  aria-disabled={item.why ? true : undefined}
                  title={item.why ?? undefined}
                  className={`menu-item${item.danger ? ' menu-danger' : ''}`}
                  onClick={() => choose(item)}
                >
                  {item.icon ? <Icon name={item.icon} /> : null}
                  <span>{item.label}</span>
                  {item.checked ? <Icon name="check" /> : null}
                </button>
              ))}
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** The same with free content, e.g. the column chooser. */
export function Panel({
  label,
  trigger,
  children,
  align = 'right',
  className = 'button button-default',
  onClose,
  onApproach,
}: {
  label: string;
  trigger: ReactNode;
  children: ReactNode | ((close: () => void) => ReactNode);
  align?: 'left' | 'right';
  className?: string;
  onClose?: () => void;
  /** The pointer or the focus is on the button: time to load what it opens. */
  onApproach?: () => void;
}) {
  const { open, setOpen, root, button } = usePopup(onClose);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div className="popup" ref={root}>
      <button
        type="button"
        ref={button}
        className={className}
        aria-haspopup="dialog"
        onPointerEnter={onApproach}
        onFocus={onApproach}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open ? (
        <div className={`popup-panel popup-${align}`} role="dialog" aria-label={label}>
          {typeof children === 'function' ? children(close) : children}
        </div>
      ) : null}
    </div>
  );
}

function usePopup(onClose?: () => void) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const after = useRef(onClose);
  after.current = onClose;
  useEffect(() => {
    if (!open) return;
    firstControl(root)?.focus();
    const outside = (event: Event) => {
      const target = event.target as Element;
      // A date or choice list that antd hangs elsewhere in the page belongs to this panel.
      if (root.current?.contains(target) || target.closest?.('.ant-select-dropdown, .ant-picker-dropdown')) return;
      setOpen(false);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', key);
      after.current?.();
    };
  }, [open]);
  return { open, setOpen, root, button };
}

function firstControl(root: RefObject<HTMLDivElement | null>): HTMLElement | null {
  return root.current?.querySelector<HTMLElement>('.popup-panel :is(button, input, a, [tabindex="0"])') ?? null;
}

function moveFocus(event: React.KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('.menu-item')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}
