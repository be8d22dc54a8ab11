/** Classes of devices and wire types of clicks. Part of the contract: see contract.ts. */
import type { Pair } from './contract.ts';

/**
 * Widths of pages in CSS pixels, in classes: each begins at `from` and ends where the next begins. Clicks are counted by class;
 * a page is shown at `drawn` for it.
 */
export const DEVICE_CLASSES = {
  phone: { from: 0, drawn: 390, label: ['手机', 'Phone'] },
  tablet: { from: 600, drawn: 820, label: ['平板', 'Tablet'] },
  desktop: { from: 1024, drawn: 1440, label: ['电脑', 'Desktop'] },
} as const satisfies { [name: string]: { from: number; drawn: number; label: Pair } };
export type DeviceClass = keyof typeof DEVICE_CLASSES;
