/** Records under those they belong to. Arrow keys as in any tree: right opens, left closes or goes up. */
import './layouts.css';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { MetaResource, RelationLabels, Row } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { useLang } from '../i18n/index.ts';
import { titleOf } from '../meta/meta.tsx';
import { Icon } from '../ui/icon.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { refreshLayout, usePieces } from './layout-query.ts';
import { cardBody, cardFields, treeField } from './layouts.ts';
import { ToneMark } from './tone-mark.tsx';
import { isEverything, type ListView } from './view.ts';

const AT_ONCE = 200;

interface TreeProps {
  resource: MetaResource;
  view: ListView;
}

export default function Tree({ resource, view }: TreeProps) {
  const { t, say } = useLang();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const root = useRef<HTMLDivElement>(null);
  const parent = treeField(resource) ?? '';
  // What is searched for stands by itself: what it belongs to may not be among the found.
  const searching = view.q !== '' || view.scope !== '' || !isEverything(view.where);
  const toggle = (id: string, to: boolean) =>
    setOpen((was) => {
      const next = new Set(was);
      if (to) next.add(id);
      else next.delete(id);
      return next;
    });
  const onKey = (event: KeyboardEvent) => {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])];
    const here = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[role="treeitem"]');
    if (!here) return;
    const at = items.indexOf(here);
    const go = (item: HTMLElement | null | undefined) => {
      event.preventDefault();
      event.nativeEvent.stopImmediatePropagation();
      item?.focus();
    };
    const id = here.dataset.id ?? '';
    if (event.key === 'ArrowDown' || event.key === 'j') go(items[at + 1]);
    else if (event.key === 'ArrowUp' || event.key === 'k') go(items[at - 1]);
    else if (event.key === 'Home') go(items[0]);
    else if (event.key === 'End') go(items.at(-1));
    else if (event.key === 'ArrowRight') {
      if (open.has(id)) go(items[at + 1]);
      else {
        go(here);
        toggle(id, true);
      }
    } else if (event.key === 'ArrowLeft') {
      if (open.has(id)) {
        go(here);
        toggle(id, false);
      } else go(items.slice(0, at).findLast((item) => levelOf(item) < levelOf(here)));
    }
  };
  return (
    <div className="tree" role="tree" aria-label={say(resource.label)} ref={root} onKeyDown={onKey}>
      {searching ? <p className="muted tree-note">{t('tree.searching')}</p> : null}
      <Branch
        resource={resource}
        view={view}
        parent={parent}
        of={null}
        level={1}
        flat={searching}
        open={open}
        onToggle={toggle}
      />
    </div>
  );
}

const levelOf = (item: HTMLElement): number => Number(item.getAttribute('aria-level'));

function Branch({
  resource,
  view,
  parent,
  of,
  level,
  flat,
  open,
  onToggle,
}: TreeProps & {
  parent: string;
  /** Null: what belongs to nothing. */
  of: Row | null;
  level: number;
  flat: boolean;
  open: ReadonlySet<string>;
  onToggle(id: string, to: boolean): void;
}) {
  const { t } = useLang();
  const where = flat ? {} : of ? { [parent]: { eq: Number(of.id) } } : { [parent]: { null: true as const } };
  // Below the roots the filters of the list have done their work.
  const [answer] = usePieces(resource, of ? { ...view, q: '', scope: '', where: {} } : view, [
    { where, fields: cardFields(resource), size: AT_ONCE },
  ]);
  if (!answer) return null;
  if (answer.isError && !answer.data)
    return <Failure error={answer.error} onRetry={() => void refreshLayout(resource.name)} />;
  if (!answer.data) return <Skeleton lines={of ? 1 : 5} />;
  const rows = answer.data.data;
  if (rows.length === 0) return <p className="muted tree-note">{t(of ? 'tree.leaf' : 'list.none_found')}</p>;
  return (
    <>
      {rows.map((row, at) => (
        <Item
          key={String(row.id)}
          resource={resource}
          row={row}
          level={level}
          first={level === 1 && at === 0}
          open={open.has(String(row.id))}
          onToggle={onToggle}
        >
          <Branch
            resource={resource}
            view={view}
            parent={parent}
            of={row}
            level={level + 1}
            flat={false}
            open={open}
            onToggle={onToggle}
          />
        </Item>
      ))}
      {answer.data.total > rows.length ? <p className="muted tree-note">{t('tree.cut', { n: rows.length })}</p> : null}
    </>
  );
}

function Item({
  resource,
  row,
  level,
  first,
  open,
  onToggle,
  children,
}: {
  resource: MetaResource;
  row: Row;
  level: number;
  first: boolean;
  open: boolean;
  onToggle(id: string, to: boolean): void;
  children: React.ReactNode;
}) {
  const { say, lang } = useLang();
  const navigate = useNavigate();
  const labels = row.$labels as RelationLabels | undefined;
  const tone = resource.list.tones?.[String(row.$tone)];
  const parent = treeField(resource);
  const id = String(row.id);
  const go = () => navigate(`/${resource.name}/${id}`);
  return (
    <>
      <div
        role="treeitem"
        aria-expanded={open}
        aria-level={level}
        data-id={id}
        tabIndex={first ? 0 : -1}
        className="tree-item"
        onKeyDown={(event) => {
          if (event.key === 'Enter' && event.target === event.currentTarget) go();
        }}
      >
        <div className={`tree-row${tone ? ` row-tone tone-${tone.tone}` : ''}`} style={{ paddingLeft: level * 20 }}>
          <button
            type="button"
            className="tree-toggle"
            tabIndex={-1}
            aria-hidden="true"
            onClick={() => onToggle(id, !open)}
          >
            <Icon name={open ? 'down' : 'right'} size={14} />
          </button>
          <button type="button" className="tree-title" tabIndex={-1} onClick={go}>
            {titleOf(resource, row, lang)}
            {tone ? <ToneMark tone={tone} /> : null}
          </button>
          {cardBody(resource)
            .filter((name) => name !== parent)
            .map((name) => {
              const field = resource.fields[name];
              return field ? (
                <span key={name} className="tree-value" title={say(field.label)}>
                  <FieldCell field={field} value={row[name]} label={labels?.[name]} />
                </span>
              ) : null;
            })}
        </div>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: the pattern of a tree. */}
      {open ? <div role="group">{children}</div> : null}
    </>
  );
}
