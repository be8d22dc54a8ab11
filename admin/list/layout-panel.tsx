/** Which columns, in which order, how close. Kept in this browser for this person. */
import type { MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { readableFields } from '../meta/meta.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Panel } from '../ui/menu.tsx';
import type { Density } from './row-table.tsx';

const KEY = 'evergreen.density';

export const storedDensity = (): Density => (localStorage.getItem(KEY) === 'compact' ? 'compact' : 'comfortable');

export function LayoutPanel({
  resource,
  columns,
  density,
  onColumns,
  onDensity,
}: {
  resource: MetaResource;
  columns: readonly string[];
  density: Density;
  onColumns(columns: string[] | null): void;
  onDensity(density: Density): void;
}) {
  const { t, say } = useLang();
  const fields = readableFields(resource).filter(([, field]) => field.kind !== 'password');
  const hidden = fields.filter(([name]) => !columns.includes(name)).map(([name]) => name);
  const move = (at: number, step: number) => {
    const next = [...columns];
    const [moved] = next.splice(at, 1);
    if (moved !== undefined) next.splice(at + step, 0, moved);
    onColumns(next);
  };
  const choose = (value: Density) => {
    localStorage.setItem(KEY, value);
    onDensity(value);
  };
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
        <fieldset className="density">
          <legend>{t('density.title')}</legend>
          {(['comfortable', 'compact'] as const).map((value) => (
            <button
              key={value}
              type="button"
              className="scope"
              aria-pressed={density === value}
              onClick={() => choose(value)}
            >
              {t(`density.${value}`)}
            </button>
          ))}
        </fieldset>
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
        <Button tone="quiet" small icon="refresh" onClick={() => onColumns(null)}>
          {t('columns.reset')}
        </Button>
      </div>
    </Panel>
  );
}
