/**
 * A person without a mouse. Things are gone to with Tab, as far as Tab leads to them, and used with keys; what cannot be
 * reached so fails, and so does what is out of sight when it has the focus (WCAG 2.4.11). Nothing here clicks, and nothing
 * moves the focus by other means.
 */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const STEPS_MAX = 400;

/** Goes to a control with Tab or Shift+Tab, whichever way it lies. @throws when it is not among what Tab stops at */
export async function reach(page: Page, target: Locator): Promise<void> {
  const control = target.first();
  await control.waitFor();
  let last = '';
  let holds = true;
  for (let step = 0; step < STEPS_MAX; step++) {
    const { where, stops } = await control.evaluate(wayTo);
    if (where === 'here') {
      await expect.poll(() => control.evaluate(hiddenBy), { message: `${String(target)} is seen` }).toBeNull();
      return;
    }
    if (last && where !== last) {
      // Passed without stopping at it, one step at a time: Tab does not lead there.
      if (!holds) break;
      holds = false;
    }
    last = where;
    // The key is held as long as it surely lies further on.
    await hold(page, where, holds ? Math.max(1, stops >> 1) : 1);
  }
  throw new Error(`Tab does not lead to ${String(target)}`);
}

async function hold(page: Page, where: string, times: number): Promise<void> {
  if (where === 'before') await page.keyboard.down('Shift');
  for (let time = 0; time < times; time++) await page.keyboard.down('Tab');
  await page.keyboard.up('Tab');
  if (where === 'before') await page.keyboard.up('Shift');
}

/** On which side of the focus a control lies, and about how many stops away. */
function wayTo(control: Element): { where: 'here' | 'before' | 'after'; stops: number } {
  const here = document.activeElement ?? document.body;
  if (here === control) return { where: 'here', stops: 0 };
  const before = (control.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const [from, to] = before ? [control, here] : [here, control];
  const groups = new Set<string>();
  const between = [
    ...document.querySelectorAll<HTMLInputElement>('a[href], button, input, select, textarea, [tabindex]'),
  ]
    .filter((each) => (from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0)
    .filter((each) => (to.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING) !== 0)
    .filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }))
    // Radio buttons of a group are one stop.
    .filter((each) => each.type !== 'radio' || (!groups.has(each.name) && groups.add(each.name)));
  return { where: before ? 'before' : 'after', stops: between.length };
}

/** What lies over the middle and every corner of a control that has the focus, or where it is; null when some of it is seen. */
function hiddenBy(control: Element): string | null {
  // The box of a tick, and the like, is a picture beside an input that has no size, or no colour.
  let shown = control;
  while (shown.parentElement && Math.min(shown.clientWidth, shown.clientHeight) < 8) shown = shown.parentElement;
  const { left, right, top, bottom } = shown.getBoundingClientRect();
  const at = (share: number) => [left + (right - left) * share, top + (bottom - top) * share] as const;
  const [[west, north], [x, y], [east, south]] = [at(0.1), at(0.5), at(0.9)];
  const points = [
    [x, y],
    [west, north],
    [east, north],
    [west, south],
    [east, south],
  ] as const;
  const over = points.map(([across, down]) => document.elementFromPoint(across, down));
  const label = control.closest('label');
  if (over.some((hit) => hit && (shown.contains(hit) || hit.contains(shown) || label?.contains(hit)))) return null;
  const hit = over[0];
  return hit ? `<${hit.tagName.toLowerCase()} class="${hit.className}">` : `at ${Math.round(x)}, ${Math.round(y)}`;
}

export async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await reach(page, target);
  await page.keyboard.press(key);
}

/** Puts a text in the place of what stands there. */
export async function type(page: Page, target: Locator, text: string): Promise<void> {
  await reach(page, target);
  await page.keyboard.press('ControlOrMeta+a');
  if (text === '') await page.keyboard.press('Delete');
  else await page.keyboard.insertText(text);
}

/** Chooses from a list that opens: found by typing where it is searched, else looked through with the arrow. */
export async function choose(page: Page, target: Locator, option: string): Promise<void> {
  await reach(page, target);
  const control = target.first();
  const kind = await control.evaluate((node) =>
    node.tagName === 'SELECT' ? 'plain' : (node as HTMLInputElement).readOnly ? 'list' : 'searched',
  );
  if (kind === 'plain') {
    const chosen = () => control.evaluate((node) => (node as HTMLSelectElement).selectedOptions[0]?.label ?? '');
    await page.keyboard.press('Home');
    for (let at = 0; at < 100 && (await chosen()) !== option; at++) await page.keyboard.press('ArrowDown');
    if ((await chosen()) !== option) throw new Error(`There is no choice “${option}”`);
    return;
  }
  await pick(page, option, kind);
  const chosen = control.locator('xpath=ancestor::*[contains(concat(" ", @class, " "), " ant-select ")][1]');
  await expect.poll(() => chosen.first().textContent(), { message: `“${option}” is chosen` }).toContain(option);
}

async function pick(page: Page, option: string, kind: 'list' | 'searched'): Promise<void> {
  if (kind === 'searched') await page.keyboard.insertText(option);
  else await page.keyboard.press('ArrowDown');
  const open = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)');
  await open.locator('.ant-select-item-option', { hasText: option }).first().waitFor();
  const active = open.locator('.ant-select-item-option-active');
  const there = async () => (await active.first().textContent())?.includes(option) ?? false;
  for (let at = 0; at < 100 && !(await there()); at++) {
    const before = await active.first().textContent();
    await page.keyboard.press('ArrowDown');
    // Shown a moment after the key; the next one before that would pass by what is looked for.
    await expect
      .poll(() => active.first().textContent(), { timeout: 2_000 })
      .not.toBe(before)
      .catch(() => undefined);
  }
  if (!(await there())) throw new Error(`There is no choice “${option}”`);
  await page.keyboard.press('Enter');
}

/** A date, typed. */
export async function date(page: Page, target: Locator, day: string): Promise<void> {
  await type(page, target, day);
  await page.keyboard.press('Enter');
}
