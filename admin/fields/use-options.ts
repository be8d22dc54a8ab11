/** What a relation may point to, searched for on the server as somebody types. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Option, Predicate, Row } from '../../api/contract.ts';
import { recordFields } from '../../api/predicate.ts';
import { getJson } from '../refine/http.ts';

export interface OptionSearch {
  text: string;
  setText(text: string): void;
  setOpen(open: boolean): void;
  found: Option[];
  searching: boolean;
  /** The title of a chosen record; its number while nobody has said more. */
  titleOf(id: number): string;
}

/**
 * @param chosen the ids whose titles are needed
 * @param known titles that are at hand already, by id
 */
export function useOptions({
  resource,
  name,
  chosen,
  known = {},
  offer,
  record,
}: {
  resource: string;
  name: string;
  chosen: readonly number[];
  known?: { readonly [id: string]: string };
  /** What the relation offers, where that is not everything, and the record whose values it may hang on. */
  offer?: Predicate;
  record?: Row;
}): OptionSearch {
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 220);
    return () => clearTimeout(timer);
  }, [text]);
  const depends = offer ? [...recordFields(offer)] : [];
  const given = depends.length
    ? JSON.stringify(Object.fromEntries(depends.map((each) => [each, record?.[each] ?? null])))
    : '';
  const path = `/api/${encodeURIComponent(resource)}/_options/${encodeURIComponent(name)}`;
  const options = useQuery({
    queryKey: ['evergreen', 'options', resource, name, asked, given],
    enabled: open,
    staleTime: 15_000,
    queryFn: ({ signal }) =>
      getJson<Option[]>(
        `${path}?${new URLSearchParams({ ...(asked ? { q: asked } : {}), ...(given ? { record: given } : {}) })}`,
        signal,
      ),
    // Until the answer is there the last one stays, as far as it fits what is typed: an empty list would swallow Enter.
    placeholderData: (before, query) => {
      const [, , of_resource, of_name, , of_record] = query?.queryKey ?? [];
      return of_resource === resource && of_name === name && of_record === given ? before : undefined;
    },
  });
  // What is listed must fit what is typed at every moment: Enter takes the first of it.
  const typed = text.trim();
  const early = typed !== asked || options.isPlaceholderData;
  const found = (options.data ?? []).filter(({ label }) => !early || label.toLowerCase().includes(typed.toLowerCase()));
  const near = (id: number) => known[id] ?? options.data?.find((option) => option.id === id)?.label;
  const nameless = chosen.filter((id) => near(id) === undefined);
  const named = useQuery({
    queryKey: ['evergreen', 'option', resource, name, nameless.join()],
    enabled: nameless.length > 0,
    staleTime: 60_000,
    queryFn: () => getJson<Option[]>(`${path}?${new URLSearchParams(nameless.map((id) => ['id', String(id)]))}`),
  });
  return {
    text,
    setText,
    setOpen,
    found,
    searching: options.isFetching || typed !== asked,
    titleOf: (id) => near(id) ?? named.data?.find((option) => option.id === id)?.label ?? `#${id}`,
  };
}
