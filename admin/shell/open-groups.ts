import { useState } from 'react';

const KEY = 'evergreen.menu';

/** Which groups of the menu somebody has opened or closed themselves, kept in this browser. */
export function useOpenGroups() {
  const [chosen, setChosen] = useState(readChosen);
  /** @param here whether the page shown is one of the group's */
  const isOpen = (group: string, here: boolean) => chosen[group] ?? here;
  const choose = (group: string, open: boolean) => {
    const next = { ...chosen, [group]: open };
    setChosen(next);
    localStorage.setItem(KEY, JSON.stringify(next));
  };
  return { isOpen, choose };
}

function readChosen(): { [group: string]: boolean } {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter(([, open]) => typeof open === 'boolean'));
  } catch {
    return {};
  }
}
