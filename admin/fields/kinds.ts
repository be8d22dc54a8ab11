/** The kinds, read from the folders. */
import type { ComponentType } from 'react';
import type { FieldKind } from '../../api/contract.ts';
import type { FieldKindView, InputProps } from './kind.ts';

const views = import.meta.glob<{ default: FieldKindView }>('./views/*.tsx', { eager: true });
const inputs = import.meta.glob<{ default: ComponentType<InputProps> }>('./inputs/*.tsx');
const loaded = new Map<FieldKind, ComponentType<InputProps>>();

export function kindView(kind: FieldKind): FieldKindView {
  const view = views[`./views/${kind}.tsx`]?.default ?? views['./views/text.tsx']?.default;
  if (!view) throw new Error(`fields/views/${kind}.tsx is missing`);
  return view;
}

/** Loads the controls a form needs, so that it appears whole. */
export async function loadInputs(kinds: Iterable<FieldKind>): Promise<void> {
  await Promise.all(
    [...new Set(kinds)].map(async (kind) => {
      const load = inputs[`./inputs/${kind}.tsx`];
      if (!load) throw new Error(`fields/inputs/${kind}.tsx is missing`);
      loaded.set(kind, (await load()).default);
    }),
  );
}

/** @throws when loadInputs was not awaited for this kind. */
export function kindInput(kind: FieldKind): ComponentType<InputProps> {
  const input = loaded.get(kind);
  if (!input) throw new Error(`The control for ${kind} is not loaded`);
  return input;
}

export const hasInput = (kind: FieldKind): boolean => loaded.has(kind);
