import { type RefObject, Suspense, useEffect, useState } from 'react';
import type { ListSettings, MetaResource } from '../../api/contract.ts';
import { kindView } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { later } from '../ui/later.tsx';
import { Panel } from '../ui/menu.tsx';
import { Skeleton } from '../ui/states.tsx';
import { assemble, type Condition, flatten } from './conditions.ts';
import { FilterChip, RestChip } from './filter-chip.tsx';
import { LayoutPanel } from './layout-panel.tsx';
import { LayoutSwitch } from './layout-switch.tsx';
import type { ListView } from './view.ts';

const AdvancedFilter = later(() => import('./advanced-filter.tsx'));
const FilterEditor = later(() => import('./filter-editor.tsx'));

interface Props {
  resource: MetaResource;
  view: ListView;
  habits: ListSettings;
  searchBox: RefObject<HTMLInputElement | null>;
  refreshing: boolean;
  onShow(change: Partial<ListView>): void;
  onRefresh(): void;
  onHabits(change: Partial<ListSettings>): void;
  onColumns(columns: string[] | null): void;
}

export function Toolbar({ resource, view, habits, searchBox, refreshing, ...on }: Props) {
  const { t, say } = useLang();
  const searched = Object.entries(resource.fields).filter(
    ([name, field]) => field.search && !resource.field_access[name]?.masked,
  );
  const { conditions, rest } = flatten(view.where);
  const filterable = filterableFields(resource);
  const filter = (next: Condition[], nextRest = rest) => on.onShow({ where: assemble(next, nextRest) });
  const scopes = Object.entries(resource.list.scopes ?? {});
  const [advanced, setAdvanced] = useState(false);
  return (
    <div className="toolbar">
      {scopes.length > 0 ? (
        <fieldset className="scopes">
          <legend className="visually-hidden">{t('list.scopes')}</legend>
          {[['', null] as const, ...scopes].map(([name, scope]) => (
            <button
              key={name}
              type="button"
              className="scope"
              aria-pressed={view.scope === name}
              onClick={() => on.onShow({ scope: name })}
            >
              {scope ? say(scope.label) : t('list.all')}
            </button>
          ))}
        </fieldset>
      ) : null}
      <div className="toolbar-line">
        {searched.length > 0 ? (
          <QuickSearch
            value={view.q}
            box={searchBox}
            hint={t('list.search_in', { fields: searched.map(([, field]) => say(field.label)).join(t('comma')) })}
            onSearch={(q) => on.onShow({ q })}
          />
        ) : null}
        {filterable.length > 0 ? (
          <Panel
            label={t('filter.add')}
            align="left"
            onApproach={FilterEditor.preload}
            trigger={
              <>
                <Icon name="filter" />
                <span className="wide-only">{t('filter.add')}</span>
              </>
            }
          >
            {(close) => (
              <Suspense fallback={<Skeleton lines={4} />}>
                <FilterEditor
                  resource={resource}
                  fields={filterable}
                  view={view}
                  onAdvanced={() => {
                    close();
                    setAdvanced(true);
                  }}
                  onDone={(condition) => {
                    filter([...conditions, condition]);
                    close();
                  }}
                />
              </Suspense>
            )}
          </Panel>
        ) : null}
        <span className="toolbar-space" />
        <Button
          tone="quiet"
          icon={refreshing ? undefined : 'refresh'}
          busy={refreshing}
          aria-label={t('list.refresh')}
          title={t('list.refresh')}
          onClick={on.onRefresh}
        />
        <LayoutSwitch resource={resource} view={view} onShow={on.onShow} />
        {view.layout === 'table' || view.layout === 'cards' ? (
          <LayoutPanel
            resource={resource}
            columns={view.columns}
            habits={habits}
            onHabits={on.onHabits}
            onColumns={on.onColumns}
          />
        ) : null}
      </div>
      {conditions.length + rest.length > 0 ? (
        <ul className="filter-chips" aria-label={t('filter.active')}>
          {conditions.map((condition, at) => (
            <li key={JSON.stringify(condition)}>
              <FilterChip
                resource={resource}
                condition={condition}
                onRemove={() => filter(conditions.filter((_, other) => other !== at))}
              />
            </li>
          ))}
          {rest.map((part, at) => (
            <li key={JSON.stringify(part)}>
              <RestChip
                resource={resource}
                predicate={part}
                onEdit={() => setAdvanced(true)}
                onRemove={() =>
                  filter(
                    conditions,
                    rest.filter((_, other) => other !== at),
                  )
                }
              />
            </li>
          ))}
          <li>
            <Button tone="quiet" small onClick={() => on.onShow({ where: {} })}>
              {t('filter.clear')}
            </Button>
          </li>
        </ul>
      ) : null}
      <Suspense>
        {advanced ? (
          <AdvancedFilter
            resource={resource}
            fields={filterable}
            where={view.where}
            onClose={() => setAdvanced(false)}
            onDone={(where) => {
              setAdvanced(false);
              on.onShow({ where });
            }}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

/** Fields a filter may name: comparable, and not personal data masked for this person. */
function filterableFields(resource: MetaResource): string[] {
  return Object.entries(resource.fields)
    .filter(
      ([name, field]) =>
        !field.left_out?.includes('filter') &&
        kindView(field.kind).operators.length > 0 &&
        !resource.field_access[name]?.masked,
    )
    .map(([name]) => name);
}

function QuickSearch({
  value,
  box,
  hint,
  onSearch,
}: {
  value: string;
  box: RefObject<HTMLInputElement | null>;
  hint: string;
  onSearch(q: string): void;
}) {
  const { t } = useLang();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: waits for the text only; a new callback is no news.
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onSearch(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="quick-search">
      <Icon name="search" />
      <input
        ref={box}
        type="search"
        className="input"
        aria-label={t('list.search')}
        placeholder={hint}
        title={hint}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) onSearch(text.trim());
          if (event.key === 'Escape') {
            setText('');
            event.currentTarget.blur();
          }
        }}
      />
      <kbd className="wide-only">/</kbd>
    </div>
  );
}
