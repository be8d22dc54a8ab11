import './filter-editor.css';
import { useEffect, useState } from 'react';
import type { Field, Json, MetaResource } from '../../api/contract.ts';
import type { Operator } from '../fields/kind.ts';
import { hasInput, kindInput, kindView, loadInputs } from '../fields/kinds.ts';
import { sayOperator } from '../fields/operator-words.ts';
import { useLang } from '../i18n/index.ts';
import { RelativeTime } from '../predicate/relative-time.tsx';
import { Antd } from '../ui/antd.tsx';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/states.tsx';
import type { Condition } from './conditions.ts';
import { FacetChoices } from './facet-choices.tsx';
import { isFaceted } from './use-facets.ts';
import type { ListView } from './view.ts';

/** Adds one condition: which field, how, what. */
export default function FilterEditor({
  resource,
  fields,
  view,
  onAdvanced,
  onDone,
}: {
  resource: MetaResource;
  fields: readonly string[];
  view: ListView;
  /** Groups of conditions, joined by or. */
  onAdvanced(): void;
  onDone(condition: Condition): void;
}) {
  const { t, say } = useLang();
  const [text, setText] = useState('');
  const [name, setName] = useState<string | null>(null);
  const field = name ? resource.fields[name] : undefined;
  if (name && field) {
    return (
      <Antd>
        <ConditionForm
          resource={resource}
          name={name}
          field={field}
          view={view}
          onBack={() => setName(null)}
          onDone={onDone}
        />
      </Antd>
    );
  }
  const shown = fields.filter((each) => {
    const label = resource.fields[each]?.label ?? [each, each];
    return [...label, each].some((word) => word.toLowerCase().includes(text.trim().toLowerCase()));
  });
  return (
    <div className="filter-editor">
      {fields.length > 8 ? (
        <input
          className="input"
          // biome-ignore lint/a11y/noAutofocus: opened to be typed into.
          autoFocus
          aria-label={t('filter.find_field')}
          placeholder={t('filter.find_field')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      <ul className="filter-fields">
        {shown.map((each) => {
          const definition = resource.fields[each];
          return definition ? (
            <li key={each}>
              <button type="button" className="menu-item" onClick={() => setName(each)}>
                <span>{say(definition.label)}</span>
              </button>
            </li>
          ) : null;
        })}
      </ul>
      <Button tone="quiet" small icon="layers" onClick={onAdvanced}>
        {t('filter.advanced')}
      </Button>
    </div>
  );
}

function ConditionForm({
  resource,
  name,
  field,
  view,
  onBack,
  onDone,
}: {
  resource: MetaResource;
  name: string;
  field: Field;
  view: ListView;
  onBack(): void;
  onDone(condition: Condition): void;
}) {
  const { t, say } = useLang();
  const operators = offeredOperators(resource, name, field);
  const [operator, setOperator] = useState<Operator>(operators[0] ?? 'eq');
  const [value, setValue] = useState<Json>(field.kind === 'boolean' ? true : null);
  const ready = isComplete(operator, value);
  const done = () => {
    if (ready) onDone({ field: name, operator, value: finish(operator, value) });
  };
  return (
    <form
      className="filter-editor"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <div className="filter-head">
        <Button tone="quiet" small icon="back" aria-label={t('back')} onClick={onBack} />
        <strong>{say(field.label)}</strong>
      </div>
      {operators.length > 1 ? (
        <fieldset className="operator-list">
          <legend className="visually-hidden">{t('predicate.operator')}</legend>
          {operators.map((each) => (
            <button
              key={each}
              type="button"
              className="scope"
              aria-pressed={operator === each}
              onClick={() => {
                setOperator(each);
                setValue((was) => reshape(was, each));
              }}
            >
              {sayOperator(each, field.kind, t)}
            </button>
          ))}
        </fieldset>
      ) : null}
      <FilterValue
        resource={resource}
        name={name}
        field={field}
        view={view}
        operator={operator}
        value={value}
        onChange={setValue}
      />
      <Button tone="primary" type="submit" aria-disabled={!ready || undefined}>
        {t('filter.apply')}
      </Button>
    </form>
  );
}

function FilterValue({
  resource,
  name,
  field,
  view,
  operator,
  value,
  onChange,
}: {
  resource: MetaResource;
  name: string;
  field: Field;
  view: ListView;
  operator: Operator;
  value: Json;
  onChange(value: Json): void;
}) {
  const { t } = useLang();
  const many = operator === 'in' || operator === 'nin' || operator === 'overlaps';
  // `in` over a choice is answered by several; one text or one number by its own control.
  const asked = controlField(field, many);
  const [loaded, setLoaded] = useState(hasInput(asked.kind));
  useEffect(() => {
    if (!loaded) void loadInputs([asked.kind]).then(() => setLoaded(true));
  }, [loaded, asked.kind]);
  if (operator === 'null' || operator === 'notNull') return null;
  const listed = many && (field.kind === 'refs' || isFaceted(resource, name) || 'choices' in field);
  if (field.kind === 'ref' || listed) {
    return <FacetChoices resource={resource} name={name} field={field} view={view} value={value} onChange={onChange} />;
  }
  if (!loaded || !hasInput(asked.kind)) return <Skeleton lines={1} />;
  const Input = kindInput(asked.kind);
  const control = (part: Json | undefined, label: string, set: (next: Json) => void) => (
    <label className="filter-control" htmlFor={`filter-${label}`}>
      <span className="visually-hidden">{label}</span>
      {isTimely(field) && typeof part === 'string' && part.startsWith('$') ? (
        <RelativeTime value={part} type={field.kind === 'date' ? 'date' : 'time'} onChange={set} />
      ) : (
        <Input id={`filter-${label}`} name={name} field={asked} resource={resource.name} value={part} onChange={set} />
      )}
    </label>
  );
  if (operator === 'between') {
    const [from = null, to = null] = Array.isArray(value) ? value : [];
    return (
      <>
        <div className={`filter-between${field.kind === 'datetime' ? ' filter-stacked' : ''}`}>
          {control(from, t('filter.from'), (next) => onChange([next, to]))}
          <span className="muted">–</span>
          {control(to, t('filter.to'), (next) => onChange([from, next]))}
        </div>
        {isTimely(field) ? <LastDays field={field} onChange={onChange} /> : null}
      </>
    );
  }
  return control(value, t('predicate.value'), onChange);
}

/** The spans people ask for most, counted from whenever the list is looked at. */
function LastDays({ field, onChange }: { field: Field; onChange(value: Json): void }) {
  const { t } = useLang();
  const base = field.kind === 'date' ? '$today' : '$now';
  return (
    <div className="filter-spans">
      {[7, 30, 90, 365].map((days) => (
        <Button key={days} small onClick={() => onChange([`${base}-${days}d`, base])}>
          {t('filter.last_days', { n: days })}
        </Button>
      ))}
    </div>
  );
}

/** Texts whose values are counted can also be chosen from. */
function offeredOperators(resource: MetaResource, name: string, field: Field): readonly Operator[] {
  const { operators } = kindView(field.kind);
  return field.kind === 'text' && isFaceted(resource, name) ? [...operators, 'in'] : operators;
}

const isTimely = (field: Field): boolean => field.kind === 'date' || field.kind === 'datetime';

/** A search for part of a text needs one line, however long the texts are; tags are compared one by one. */
function controlField(field: Field, many: boolean): Field {
  if (['longtext', 'email', 'phone', 'color'].includes(field.kind)) return { kind: 'text', label: field.label };
  if (field.kind === 'refs' && !many) return { kind: 'ref', label: field.label, to: field.to };
  if (field.kind === 'tags' && !many) return { kind: 'text', label: field.label };
  if (field.kind === 'choices' && !many)
    return { kind: 'choice', label: field.label, choices: field.choices, required: true };
  return field;
}

function reshape(value: Json, to: Operator): Json {
  if (to === 'between') return Array.isArray(value) ? value : [value, null];
  if (['in', 'nin', 'overlaps'].includes(to)) return Array.isArray(value) ? value : value === null ? [] : [value];
  return Array.isArray(value) ? (value[0] ?? null) : value;
}

function isComplete(operator: Operator, value: Json): boolean {
  if (operator === 'null' || operator === 'notNull') return true;
  if (operator === 'between') return Array.isArray(value) && value.length === 2 && value.every((part) => part !== null);
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== '';
}

function finish(operator: Operator, value: Json): Condition['value'] {
  return (operator === 'null' || operator === 'notNull' ? true : value) as Condition['value'];
}
