/** The values of a field to choose from, with how many rows of the list have each. */
import { type ReactNode, useState } from 'react';
import type { Facet, Field, Json, MetaResource, Option } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { useRefOptions } from './ref-options.ts';
import { useFacet } from './use-facets.ts';
import type { ListView } from './view.ts';

export function FacetChoices({
  resource,
  name,
  field,
  view,
  value,
  onChange,
}: {
  resource: MetaResource;
  name: string;
  field: Field;
  view: ListView;
  value: Json;
  onChange(value: Json): void;
}) {
  const { t } = useLang();
  const [text, setText] = useState('');
  const facet = useFacet(resource, name, view);
  const chosen = Array.isArray(value) ? value : [];
  const toggle = (each: Json, on: boolean) =>
    onChange(on ? [...chosen, each] : chosen.filter((other) => other !== each));
  const line = (each: Json, label: ReactNode) => (
    <li key={String(each)}>
      <label className="check-line">
        <input
          type="checkbox"
          className="checkbox"
          checked={chosen.includes(each)}
          onChange={(event) => toggle(each, event.target.checked)}
        />
        <span className="facet-label">{label}</span>
        <FacetCount facet={facet} value={each} />
      </label>
    </li>
  );
  const options = useChoices({ resource, name, field, facet, chosen, text: text.trim() });
  const searchable = isRelation(field) || field.kind === 'text' || field.kind === 'tags' || options.length > 12;
  return (
    <>
      {searchable ? (
        <input
          className="input"
          aria-label={t('form.search_choose')}
          placeholder={t('form.search_choose')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            // A value that no row of the list has can still be asked for.
            if (event.key !== 'Enter' || isRelation(field) || 'choices' in field || !text.trim()) return;
            event.preventDefault();
            if (!chosen.includes(text.trim())) toggle(text.trim(), true);
            setText('');
          }}
        />
      ) : null}
      <ul className="filter-fields">
        {options.map(({ value: each, label }) => line(each, label))}
        {options.length === 0 ? <li className="muted">{t('form.none_found')}</li> : null}
      </ul>
      {facet?.cut && !('choices' in field) ? <p className="muted facet-note">{t('facet.cut')}</p> : null}
    </>
  );
}

/** "1,234", or "1,234+" where counting stopped; a value that no row has counts 0. */
function FacetCount({ facet, value }: { facet: Facet | undefined; value: Json }) {
  const { t } = useLang();
  if (!facet) return null;
  const found = facet.values.find((each) => each.value === value);
  if (!found && facet.cut) return null;
  const more = facet.relation === 'gte' ? '+' : '';
  const count = `${formatInteger(found?.count ?? 0)}${more}`;
  return (
    <span className="facet-count" title={t('facet.count', { count })}>
      {count}
    </span>
  );
}

const isRelation = (field: Field): boolean => field.kind === 'ref' || field.kind === 'refs';

interface Choice {
  value: Json;
  label: ReactNode;
}

function useChoices({
  resource,
  name,
  field,
  facet,
  chosen,
  text,
}: {
  resource: MetaResource;
  name: string;
  field: Field;
  facet: Facet | undefined;
  chosen: readonly Json[];
  text: string;
}): Choice[] {
  const { t, say } = useLang();
  const { resources } = useMeta();
  const related = useRefOptions(resource.name, name, text, isRelation(field));
  const has = (label: string) => label.toLowerCase().includes(text.toLowerCase());
  if ('choices' in field) {
    return Object.entries(field.choices)
      .filter(([code, label]) => has(say(label)) || has(code))
      .map(([code, label]) => ({ value: code, label: say(label) }));
  }
  const counted = (facet?.values ?? []).filter(({ value }) => value !== null);
  if (isRelation(field)) {
    // Those that occur come first; what is typed is looked for among all.
    const known: Option[] = text
      ? []
      : counted.map(({ value, label }) => ({ id: Number(value), label: label ?? `#${String(value)}` }));
    const others = related.filter((option) => !known.some(({ id }) => id === option.id));
    const people = 'to' in field && resources.some((each) => each.name === field.to && each.people);
    const me = people && has(t('filter.me')) ? [{ value: '$me', label: t('filter.me') }] : [];
    return [...me, ...[...known, ...others].map(({ id, label }) => ({ value: id, label }))];
  }
  const values = [...new Set([...chosen, ...counted.map(({ value }) => value)])];
  return values.filter((value) => has(String(value))).map((value) => ({ value, label: String(value) }));
}
