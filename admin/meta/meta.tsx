/** The definitions this person sees, asked for once, and how to find things in them. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import type { Field, Lang, Meta, MetaResource, Pair, PredicateContext, Row } from '../../api/contract.ts';
import { onEvent } from '../refine/events.ts';
import { getJson } from '../refine/http.ts';
import { META_KEY } from '../refine/query-client.ts';

const MetaContext = createContext<Meta | null>(null);

export function useMetaQuery() {
  return useQuery({
    queryKey: META_KEY,
    queryFn: ({ signal }) => getJson<Meta>('/api/_meta', signal),
    staleTime: Infinity,
  });
}

/** Definitions that staff change elsewhere are asked for again; forms keep what is typed in them. */
export function useLiveMeta(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onEvent((event) => {
      if (event.type !== 'definitions') return;
      clearTimeout(timer);
      timer = setTimeout(() => void client.invalidateQueries({ queryKey: META_KEY }), 150);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
}

export function MetaProvider({ meta, children }: { meta: Meta; children: ReactNode }) {
  return <MetaContext value={meta}>{children}</MetaContext>;
}

/** @throws outside the signed-in part of the application. */
export function useMeta(): Meta {
  const meta = useContext(MetaContext);
  if (!meta) throw new Error('useMeta needs the signed-in shell above it');
  return meta;
}

export function useResource(name: string | undefined): MetaResource | undefined {
  return useMeta().resources.find((resource) => resource.name === name);
}

export function contextNamed(meta: Meta, name: string): PredicateContext | undefined {
  return meta.contexts.find((context) => context.name === name);
}

/** The fields of a resource that this person may see, in the order of the definition. */
export function readableFields(resource: MetaResource): [string, Field][] {
  return Object.entries(resource.fields).filter(([name]) => resource.field_access[name]?.read !== false);
}

export function isWritable(resource: MetaResource, name: string): boolean {
  const field = resource.fields[name];
  return Boolean(field && !field.readonly && resource.field_access[name]?.write !== false);
}

/** What a record is called, in the language in use; its number when the title is empty or not readable. */
export function titleOf(resource: MetaResource, row: Row, lang: Lang): string {
  const [zh, en] = typeof resource.title === 'string' ? [resource.title, resource.title] : resource.title;
  const name = lang === 'en' && row[en] !== null && row[en] !== undefined ? en : zh;
  const field = resource.fields[name];
  const said = field?.kind === 'choice' ? field.choices[String(row[name])]?.[lang === 'en' ? 1 : 0] : undefined;
  const text = said ?? row[name];
  return text === null || text === undefined || text === '' ? `#${String(row.id)}` : String(text);
}

/** What one of them is called. */
export function oneLabel(resource: MetaResource, say: (pair: Pair) => string): string {
  return say(resource.one ?? resource.label);
}

/** A label within a sentence: English takes its capital away, unless the word is spelled with more of them (API tokens). */
export function withinSentence(label: string): string {
  const [first = ''] = label.split(' ', 1);
  return /^[A-Z][^A-Z]*$/.test(first) && !/\p{Script=Han}/u.test(label)
    ? label.charAt(0).toLowerCase() + label.slice(1)
    : label;
}

/** The field that names a record in the language in use. */
export function titleField(resource: MetaResource, lang: Lang): string {
  return typeof resource.title === 'string' ? resource.title : resource.title[lang === 'zh' ? 0 : 1];
}
