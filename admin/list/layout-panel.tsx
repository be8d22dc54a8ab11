/** Which columns, in which order, how close, how many of them stay in sight. */
import type { ListSettings, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { readableFields } from '../meta/meta.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Panel } from '../ui/menu.tsx';
import { PINNED_MAX } from './column-shape.ts';

export function LayoutPanel({
  resource,
  columns,
  habits,
  onColumns,
  onHabits,
}: {
  resource: MetaResource;
  columns: readonly string[];
  habits: ListSettings;
  /** Null: as the definition has them. */
  onColumns(columns: string[] | null): void;
  onHabits(change: Partial<ListSettings>): void;
}) {
  const { t, say } = useLang();
  const fields = readableFields(resource).filter(([, field]) => field.kind !== 'password');
  const hidden = fields.filter(([name]) => !columns.includes(name)).map(([name]) => name);
  const move = (at: number, step: number) => onColumns(moved([...columns], at, step));
  return (
    <Panel
      label={t('columns.title')}
      className="button button-quiet"
      trigger={
        <>
          <Icon name="columns" />
          <span className="wide-only">{t('columns.title')}</span>
        </>
      }
    >
      <div className="layout-panel">
        <Choice
          title={t('density.title')}
          options={(['comfortable', 'compact'] as const).map((value) => [value, t(`density.${value}`)])}
          value={habits.density ?? 'comfortable'}
          onChange={(density) => onHabits({ density })}
        />
        <Choice
          title={t('columns.pinned')}
          options={Array.from({ length: PINNED_MAX + 1 }, (_, count) => [count, String(count)])}
          value={habits.pinned ?? 0}
          onChange={(pinned) => onHabits({ pinned })}
        />
        <ul className="column-list">
          {[...columns, ...hidden].map((name, at) => {
            const field = resource.fields[name];
            const shown = at < columns.length;
            if (!field) return null;
            const label = say(field.label);
            return (
              <li key={name}>
                <label>
                  <input
                    type="checkbox"
                    className="checkbox"
                    checked={shown}
                    disabled={shown && columns.length === 1}
                    onChange={() => onColumns(shown ? columns.filter((other) => other !== name) : [...columns, name])}
                  />
                  <span>{label}</span>
                </label>
                {shown ? (
                  <>
                    <Button
                      tone="quiet"
                      small
                      icon="up"
                      aria-label={t('move.up', { label })}
                      disabled={at === 0}
                      onClick={() => move(at, -1)}
                    />
                    <Button
                      tone="quiet"
                      small
                      icon="down"
                      aria-label={t('move.down', { label })}
                      disabled={at === columns.length - 1}
                      onClick={() => move(at, 1)}
                    />
                  </>
                ) : null}
              </li>
            );
          })}
        </ul>
        <p className="muted facet-note">{t('columns.hint')}</p>
        <Button
          tone="quiet"
          small
          icon="refresh"
          onClick={() => {
            onHabits({ widths: undefined, pinned: undefined });
            onColumns(null);
          }}
        >
          {t('columns.reset')}
        </Button>
      </div>
    </Panel>
  );
}

/** The list with one of it moved by a step. */
export function moved(names: string[], at: number, step: number): string[] {
  const [taken] = names.splice(at, 1);
  if (taken !== undefined) names.splice(Math.max(0, at + step), 0, taken);
  return names;
}

function Choice<T extends string | number>({
  title,
  options,
  value,
  onChange,
}: {
  title: string;
  options: [T, string][];
  value: T;
  onChange(value: T): void;
}) {
  return (
    <fieldset className="density">
      <legend>{title}</legend>
      {options.map(([each, label]) => (
        <button key={each} type="button" className="scope" aria-pressed={value === each} onClick={() => onChange(each)}>
          {label}
        </button>
      ))}
    </fieldset>
  );
}
