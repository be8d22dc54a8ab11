import { useEffect, useRef } from 'react';

/**
 * Keys of a page: "j", "enter", "?", "mod+s" (Ctrl or Cmd). Plain letters stay silent while somebody types,
 * chooses from a menu, or has a dialog open above.
 */
export function useHotkeys(keys: { [combination: string]: (event: KeyboardEvent) => void }): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const mod = event.ctrlKey || event.metaKey;
      const run = current.current[`${mod ? 'mod+' : ''}${event.key.toLowerCase()}`];
      if (!run) return;
      if (!mod && (isTyping(event.target) || document.querySelector('dialog[open]'))) return;
      run(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A box is ticked, not typed into.
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return false;
  return (
    target.isContentEditable ||
    ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) ||
    target.closest('[role="menu"], [role="listbox"], [role="combobox"]') !== null
  );
}
