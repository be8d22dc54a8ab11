/**
 * Which records of a list are chosen: some one by one, or all that match with some left out. Pure, and one hook over it.
 * A choice outlives a look at one of its records: it is kept for the tab until it is used or taken back.
 */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { BulkRequest, Lang, MetaResource, Row } from '../../api/contract.ts';
import { filterMeta, type ListView } from '../list/view.ts';
import { titleOf } from '../meta/meta.tsx';
import { listQuery } from '../refine/wire.ts';

/** The server changes no more than that at once. */
export const CHOSEN_MAX = 20_000;

export interface Selection {
  /** What they are called, by id. With `all`: those that are left out of it. */
  named: ReadonlyMap<number, string>;
  /** How many match the filter that was in force, and which filter that was. */
  all: { total: number; filter: string } | null;
}
export type ChosenRecords = Pick<BulkRequest, 'ids' | 'filter' | 'expected'>;

export const NOTHING: Selection = { named: new Map(), all: null };

export const countOf = ({ named, all }: Selection): number => (all ? all.total - named.size : named.size);

export const isChosen = ({ named, all }: Selection, id: number): boolean => named.has(id) !== (all !== null);

/** @param chosen whether the rows shall be among the chosen afterwards */
export function choose(selection: Selection, rows: readonly [id: number, title: string][], chosen: boolean): Selection {
  const named = new Map(selection.named);
  for (const [id, title] of rows) {
    if (chosen === (selection.all !== null)) named.delete(id);
    else named.set(id, title);
  }
  const next = { ...selection, named };
  return countOf(next) === 0 ? NOTHING : next;
}

/** As POST /_bulk takes it. */
export function requestOf({ named, all }: Selection, resource: MetaResource, view: ListView): ChosenRecords {
  if (!all) return { ids: [...named.keys()] };
  const meta = filterMeta(resource, view);
  const rest = named.size > 0 ? { id: { nin: [...named.keys()] } } : null;
  const where = rest && meta.where ? { and: [meta.where, rest] } : (rest ?? meta.where);
  return { filter: listQuery({ meta: { ...meta, where } }) ?? '', expected: all.total - named.size };
}

/** As the tab remembers it. @param text whatever stands there */
export function readSelection(text: string | null): Selection {
  try {
    const { named, all } = JSON.parse(text ?? '') as { named: [number, string][]; all: Selection['all'] };
    return { named: new Map(named), all };
  } catch {
    return NOTHING;
  }
}

export const printSelection = ({ named, all }: Selection): string => JSON.stringify({ named: [...named], all });

export interface Picks {
  selection: Selection;
  /** Kept between renders, so that rows which did not change are not drawn again. @param range up to this one from the last */
  toggle(id: number, range: boolean): void;
  /** One record that need not stand on the page, by its name. */
  pick(id: number, title: string): void;
  /** All of the page, or none of it where all were chosen. */
  togglePage(): void;
  page: 'all' | 'some' | 'none';
  chooseAll(total: number): void;
  leaveOut(ids: readonly number[]): void;
  clear(): void;
}

/** @param rows of the page that is shown */
export function usePicks(
  resource: MetaResource,
  view: ListView,
  rows: readonly Row[] | undefined,
  { lang, user_id }: { lang: Lang; user_id: number },
): Picks {
  // The list, and whose it is: the next person at this tab starts without it.
  const place = `evergreen.chosen.${user_id}.${resource.name}`;
  const [kept, setKept] = useState(() => readSelection(sessionStorage.getItem(place)));
  const setSelection = useCallback(
    (next: Selection) => {
      setKept(next);
      try {
        if (next === NOTHING) sessionStorage.removeItem(place);
        else sessionStorage.setItem(place, printSelection(next));
      } catch {
        // Full: then it is remembered no longer than it is shown.
      }
    },
    [place],
  );
  const last = useRef<number | null>(null);
  const filter = JSON.stringify(filterMeta(resource, view));
  // "All that match" ends with the filter that it meant; records chosen one by one stay.
  const selection = kept.all && kept.all.filter !== filter ? NOTHING : kept;
  const shown = useMemo(
    () => (rows ?? []).map((row): [number, string] => [row.id as number, titleOf(resource, row, lang)]),
    [rows, resource, lang],
  );
  const now = useRef({ selection, shown });
  now.current = { selection, shown };
  const toggle = useCallback(
    (id: number, range: boolean) => {
      const { selection: before, shown: page } = now.current;
      const [from, to] = [page.findIndex(([each]) => each === last.current), page.findIndex(([each]) => each === id)];
      const chosen = !isChosen(before, id);
      const meant =
        range && from >= 0 ? page.slice(Math.min(from, to), Math.max(from, to) + 1) : page.slice(to, to + 1);
      last.current = id;
      setSelection(choose(before, meant, chosen));
    },
    [setSelection],
  );
  const pick = useCallback(
    (id: number, title: string) => {
      const { selection: before } = now.current;
      setSelection(choose(before, [[id, title]], !isChosen(before, id)));
    },
    [setSelection],
  );
  const on = shown.filter(([id]) => isChosen(selection, id)).length;
  return {
    selection,
    toggle,
    pick,
    page: on === 0 ? 'none' : on === shown.length ? 'all' : 'some',
    togglePage: () => setSelection(choose(selection, shown, on < shown.length)),
    chooseAll: (total) => setSelection({ named: new Map(), all: { total, filter } }),
    leaveOut: (ids) =>
      setSelection(
        choose(
          selection,
          ids.map((id): [number, string] => [id, '']),
          false,
        ),
      ),
    clear: () => setSelection(NOTHING),
  };
}
