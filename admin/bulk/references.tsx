/** What refers to records that are to be deleted: what keeps them, what goes with them, what will forget them. */
import type { DeletePreview } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { Icon } from '../ui/icon.tsx';

const EFFECTS = ['blocks', 'deleted', 'cleared'] as const;
const ICONS = { blocks: 'lock', deleted: 'delete', cleared: 'link' };
const COUNT_MAX = 1000;
/** A longer list of numbers makes no good address. */
const LINKED_MAX = 50;

export function References({ preview, ids }: { preview: readonly DeletePreview[]; ids: readonly number[] }) {
  const { t, say } = useLang();
  const meta = useMeta();
  const listOf = ({ resource, field }: DeletePreview): string | null => {
    const kind = field && meta.resources.find(({ name }) => name === resource)?.fields[field]?.kind;
    if ((kind !== 'ref' && kind !== 'refs') || ids.length === 0 || ids.length > LINKED_MAX) return null;
    const where = { [field!]: kind === 'ref' ? { in: [...ids] } : { overlaps: [...ids] } };
    return `/${resource}?${new URLSearchParams({ where: JSON.stringify(where) })}`;
  };
  return EFFECTS.map((effect) => {
    const found = preview.filter((each) => each.effect === effect);
    if (found.length === 0) return null;
    return (
      <section key={effect} className={`references references-${effect}`} aria-label={t(`delete.${effect}`)}>
        <header>
          <Icon name={ICONS[effect]} />
          <strong>{t(`delete.${effect}`)}</strong>
        </header>
        <ul>
          {found.map((each) => {
            const count =
              each.count === null
                ? null
                : t('delete.count', {
                    count: each.count,
                    n: each.count > COUNT_MAX ? `${formatInteger(COUNT_MAX)}+` : formatInteger(each.count),
                  });
            const label = each.resource || each.count !== null ? say(each.label) : t('delete.unseen');
            const to = listOf(each);
            return (
              <li key={`${each.label.join()} ${each.field}`}>
                {to ? (
                  <a href={to} target="_blank" rel="noreferrer">
                    {label}
                    <span className="visually-hidden">{t('bulk.new_tab')}</span>
                  </a>
                ) : (
                  <span>{label}</span>
                )}
                {count ? <span className="muted">{count}</span> : null}
              </li>
            );
          })}
        </ul>
      </section>
    );
  });
}
