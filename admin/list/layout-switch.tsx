import type { Layout, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';
import { boardFields, calendarFields, LAYOUT_ICONS, layoutsOf } from './layouts.ts';
import type { ListView } from './view.ts';

/** Table, cards, board, calendar, tree: as many of them as the fields allow. */
export function LayoutSwitch({
  resource,
  view,
  onShow,
}: {
  resource: MetaResource;
  view: ListView;
  onShow(change: Partial<ListView>): void;
}) {
  const { t, say } = useLang();
  const by =
    view.layout === 'kanban'
      ? boardFields(resource)
      : view.layout === 'calendar'
        ? calendarFields(resource).map(({ from }) => from)
        : [];
  return (
    <>
      {by.length > 1 ? (
        <select
          className="select"
          aria-label={t('layout.by')}
          value={by.includes(view.by) ? view.by : by[0]}
          onChange={(event) => onShow({ by: event.target.value })}
        >
          {by.map((name) => (
            <option key={name} value={name}>
              {say(resource.fields[name]?.label ?? [name, name])}
            </option>
          ))}
        </select>
      ) : null}
      <fieldset className="layout-switch">
        <legend className="visually-hidden">{t('layout.title')}</legend>
        {layoutsOf(resource).map((layout: Layout) => (
          <button
            key={layout}
            type="button"
            className="scope"
            aria-label={t(`layout.${layout}`)}
            title={t(`layout.${layout}`)}
            aria-pressed={view.layout === layout}
            onClick={() => onShow({ layout, by: '' })}
          >
            <Icon name={LAYOUT_ICONS[layout]} />
          </button>
        ))}
      </fieldset>
    </>
  );
}
