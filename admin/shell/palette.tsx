/** Ctrl/Cmd+K: go to a screen, a report or a record, start something new. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { actsOn, type MetaResource } from '../../api/contract.ts';
import type { ReportCatalogue } from '../../api/contract-reports.ts';
import { OWN_PAGES } from '../../reports/own-pages.ts';
import { changeLang, useLang } from '../i18n/index.ts';
import { oneLabel, titleOf, useMeta } from '../meta/meta.tsx';
import { getList } from '../refine/data-provider.ts';
import { getJson } from '../refine/http.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { adoptLang } from './adopt-lang.ts';
import { setThemeMode } from './theme-mode.ts';

interface Entry {
  key: string;
  icon: string;
  label: string;
  hint: string;
  to?: string;
  run?(): void;
}

export default function Palette({ onClose }: { onClose(): void }) {
  const { t, say, lang } = useLang();
  const meta = useMeta();
  const navigate = useNavigate();
  const list = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const asked = useSettled(text.trim(), 200);

  const reports = useQuery({
    queryKey: ['evergreen', 'reports'],
    queryFn: () => getJson<Pick<ReportCatalogue, 'reports' | 'pages'>>('/api/_reports'),
    staleTime: 60_000,
    retry: false,
  });
  const searched = meta.resources.filter((resource) => resource.can.list && hasSearch(resource));
  const records = useQuery({
    queryKey: ['evergreen', 'palette', asked],
    enabled: asked.length >= 2,
    queryFn: () => findRecords(searched, asked),
    staleTime: 10_000,
  });

  const matches = (...words: string[]) =>
    text.trim() === '' || words.some((word) => word.toLowerCase().includes(text.trim().toLowerCase()));
  const listLabel = (name: string) => say(meta.resources.find((each) => each.name === name)?.label ?? [name, name]);
  const settings = [
    ...(['light', 'dark', 'system'] as const).map((mode) => ({
      key: `theme ${mode}`,
      icon: mode === 'light' ? 'sun' : mode === 'dark' ? 'moon' : 'desktop',
      words: [t(`theme.${mode}`), mode],
      run: () => setThemeMode(mode),
    })),
    {
      key: 'speak',
      icon: 'globe',
      words: lang === 'zh' ? ['English', '英文', '语言'] : ['中文', 'Chinese', 'language'],
      run: () => {
        const next = lang === 'zh' ? 'en' : 'zh';
        changeLang(next);
        void adoptLang(next);
      },
    },
  ];
  const entries: Entry[] = [
    ...meta.resources
      .filter((resource) => resource.can.list && matches(...resource.label, resource.name))
      .map((resource) => ({
        key: `list ${resource.name}`,
        icon: resource.icon ?? 'sheet',
        label: say(resource.label),
        hint: t('palette.screen'),
        to: `/${resource.name}`,
      })),
    ...meta.pages
      .filter((page) => matches(...page.label))
      .map((page) => ({
        key: `page ${page.path}`,
        icon: page.icon,
        label: say(page.label),
        hint: t('palette.screen'),
        to: page.path,
      })),
    ...meta.resources
      .filter((resource) => resource.can.create && matches(...resource.label, t('create')))
      .map((resource) => ({
        key: `new ${resource.name}`,
        icon: 'add',
        label: t('list.create', { label: oneLabel(resource, say) }),
        hint: t('palette.action'),
        to: `/${resource.name}/new`,
      })),
    ...meta.views
      .filter((view) => matches(view.name, t('palette.view')))
      .map((view) => ({
        key: `view ${view.code}`,
        icon: 'bookmark',
        label: view.name,
        hint: t('palette.view_of', { list: listLabel(view.resource) }),
        to: `/${view.resource}?${new URLSearchParams({ view: view.code })}`,
      })),
    ...meta.resources.flatMap((resource) =>
      Object.entries(resource.actions ?? {})
        .filter(([, action]) => actsOn(action, 'resource') && matches(...action.label))
        .map(([name, action]) => ({
          key: `action ${resource.name} ${name}`,
          icon: resource.icon ?? 'sheet',
          label: say(action.label),
          hint: t('palette.action_of', { list: say(resource.label) }),
          to: `/${resource.name}?${new URLSearchParams({ do: name })}`,
        })),
    ),
    ...settings
      .filter(({ words }) => matches(...words))
      .map(({ words: [label = ''], ...entry }) => ({ ...entry, label, hint: t('palette.setting') })),
    ...OWN_PAGES.filter(({ slug, title }) => reports.data?.pages.includes(slug) && matches(...title, slug)).map(
      ({ slug, title }) => ({
        key: `report ${slug}`,
        icon: 'chart',
        label: say(title),
        hint: t('palette.report'),
        to: `/reports/${slug}`,
      }),
    ),
    ...(reports.data?.reports ?? [])
      .filter((report) => matches(...report.title, report.slug))
      .map((report) => ({
        key: `report ${report.slug}`,
        icon: 'chart',
        label: say(report.title),
        hint: t('palette.report'),
        to: `/reports/${report.slug}`,
      })),
    ...(asked.length >= 2 ? (records.data ?? []) : []).map(({ resource, row }) => ({
      key: `record ${resource.name} ${row.id}`,
      icon: resource.icon ?? 'sheet',
      label: titleOf(resource, row, lang),
      hint: say(resource.label),
      to: `/${resource.name}/${row.id}`,
    })),
  ].slice(0, 60);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another text, another list, from its top.
  useEffect(() => setAt(0), [text, entries.length]);
  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run?.();
    if (entry.to) navigate(entry.to);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step && entries.length) {
      event.preventDefault();
      const next = (at + step + entries.length) % entries.length;
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(entries[at]);
    }
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose}>
      <input
        className="input palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={entries[at] ? `${list}-${at}` : undefined}
        aria-label={t('palette.open')}
        placeholder={t('palette.placeholder')}
        value={text}
        data-focus
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
      />
      <div className="palette-list" role="listbox" id={list} aria-label={t('palette.title')}>
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input, which keeps the focus.
          <div
            key={entry.key}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="palette-entry"
            onPointerMove={() => setAt(index)}
            onClick={() => go(entry)}
          >
            <Icon name={entry.icon} />
            <span className="palette-label">{entry.label}</span>
            <span className="muted">{entry.hint}</span>
          </div>
        ))}
        {entries.length === 0 ? (
          <p className="palette-none">{records.isFetching ? t('loading') : t('palette.none')}</p>
        ) : null}
      </div>
    </Dialog>
  );
}

const hasSearch = (resource: MetaResource): boolean => Object.values(resource.fields).some((field) => field.search);

async function findRecords(resources: MetaResource[], q: string) {
  const found = await Promise.all(
    resources.map(async (resource) => {
      const titles = typeof resource.title === 'string' ? [resource.title] : resource.title;
      const fields = [...new Set(titles)].filter((name) => resource.fields[name]);
      const answer = await getList({
        resource: resource.name,
        pagination: { currentPage: 1, pageSize: 5 },
        meta: { fields, q },
      }).catch(() => null);
      return (answer?.data ?? []).map((row) => ({ resource, row }));
    }),
  );
  return found.flat();
}

/** The value once it has stood still for a moment. */
function useSettled(value: string, delay_ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay_ms);
    return () => clearTimeout(timer);
  }, [value, delay_ms]);
  return settled;
}
