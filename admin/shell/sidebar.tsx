import { NavLink, useLocation } from 'react-router';
import type { Meta, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { pageOf, prefetchPage } from '../pages.ts';
import { Icon } from '../ui/icon.tsx';
import { Mark } from './mark.tsx';
import { useOpenGroups } from './open-groups.ts';

/**
 * The menu: groups and resources as the definitions give them, without those this person cannot list. The group one is in is
 * open, and whichever somebody opens stays so.
 */
export function Sidebar({ meta }: { meta: Meta | undefined }) {
  const { t, say } = useLang();
  const { pathname } = useLocation();
  const { isOpen, choose } = useOpenGroups();
  const shown = (meta?.resources ?? []).filter((resource) => resource.can.list && !resource.hidden);
  const named = new Set(meta?.groups.map((group) => group.name));
  const groups = [
    ...(meta?.groups ?? []).map(({ name, label }) => ({
      name,
      label: say(label),
      of: (group: string) => group === name,
    })),
    { name: '', label: t('shell.other'), of: (group: string) => !named.has(group) },
  ]
    .map(({ name, label, of }) => ({
      name,
      label,
      items: shown.filter((resource) => of(resource.group)),
      pages: (meta?.pages ?? []).filter((page) => of(page.group)),
    }))
    .filter((group) => group.items.length + group.pages.length > 0);
  return (
    <nav className="sidebar" aria-label={t('shell.menu')}>
      <NavLink to="/" className="sidebar-brand" end>
        <Mark />
        <span>{meta ? say(meta.settings.programme_name) : t('product')}</span>
      </NavLink>
      <div className="sidebar-scroll">
        <ul>
          <Entry to="/" end icon="home" label={t('home.title')} onHover={() => prefetchPage('home')} />
          <Entry to="/reports" icon="chart" label={t('reports.title')} onHover={() => prefetchPage('reports')} />
        </ul>
        {groups.map((group) => {
          const paths = [...group.items.map(({ name }) => `/${name}`), ...group.pages.map(({ path }) => path)];
          const open = isOpen(
            group.name,
            paths.some((path) => pathname === path || pathname.startsWith(`${path}/`)),
          );
          return (
            <section key={group.name}>
              <h2>
                <button
                  type="button"
                  className="sidebar-group"
                  aria-expanded={open}
                  onClick={() => choose(group.name, !open)}
                >
                  {group.label}
                  <Icon name="right" size={14} />
                </button>
              </h2>
              <ul hidden={!open}>
                {group.items.map((resource: MetaResource) => (
                  <Entry
                    key={resource.name}
                    to={`/${resource.name}`}
                    icon={resource.icon ?? 'sheet'}
                    label={say(resource.label)}
                    onHover={() => prefetchPage('list')}
                  />
                ))}
                {group.pages.map((page) => (
                  <Entry
                    key={page.path}
                    to={page.path}
                    icon={page.icon}
                    label={say(page.label)}
                    onHover={() => prefetchPage(pageOf(page.path))}
                  />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </nav>
  );
}

function Entry({
  to,
  end,
  icon,
  label,
  onHover,
}: {
  to: string;
  end?: boolean;
  icon: string;
  label: string;
  onHover(): void;
}) {
  return (
    <li>
      <NavLink to={to} end={end} className="sidebar-link" onPointerEnter={onHover} onFocus={onHover}>
        <Icon name={icon} size={18} />
        <span>{label}</span>
      </NavLink>
    </li>
  );
}
