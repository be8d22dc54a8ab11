/** j and k move the real focus from row to row, or card to card, so that Enter, reading aloud and the visible ring all follow. */

/** The record that has the focus; null outside the rows. */
export function focusedId(list: HTMLElement | null): string | null {
  const here = list?.contains(document.activeElement) ? document.activeElement : null;
  const row = here?.closest<HTMLElement>('[data-id]');
  return (
    row?.dataset.id ?? here?.closest('.record-card')?.querySelector<HTMLElement>('[data-card]')?.dataset.card ?? null
  );
}

/** The box that chooses the record with the focus. */
export function focusedBox(list: HTMLElement | null): HTMLInputElement | null {
  const here = list?.contains(document.activeElement) ? document.activeElement : null;
  return here?.closest('tr, .record-card')?.querySelector<HTMLInputElement>('input[type="checkbox"]') ?? null;
}

export function moveRow(list: HTMLElement | null, step: number): void {
  const links = [...(list?.querySelectorAll<HTMLElement>('.row-link') ?? [])];
  const row = list?.contains(document.activeElement) ? document.activeElement?.closest('tr, .record-card') : null;
  const at = row ? links.findIndex((link) => row.contains(link)) : -1;
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next]?.focus();
}
