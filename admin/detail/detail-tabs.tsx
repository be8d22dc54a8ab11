import { type ReactNode, useId, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';

type Tab = NonNullable<MetaResource['tabs']>[number];

/** One part of a record's page at a time; which one stands in the address. A part that was opened stays as it is. */
export function DetailTabs({ tabs, show }: { tabs: readonly Tab[]; show(tab: Tab): ReactNode }) {
  const { say, t } = useLang();
  const id = useId();
  const [params, setParams] = useSearchParams();
  const asked = params.get('tab');
  const active = tabs.find((tab) => tab.name === asked) ?? tabs[0]!;
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const choose = (tab: Tab) => {
    setOpened((before) => new Set([...before, active.name, tab.name]));
    setParams(
      (before) => {
        before.set('tab', tab.name);
        return before;
      },
      { replace: true },
    );
  };
  const go = (at: number) => {
    const next = tabs[(at + tabs.length) % tabs.length]!;
    choose(next);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = tabs.indexOf(active);
    const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    go(target);
  };
  return (
    <>
      <div role="tablist" aria-label={t('detail.tabs')} className="detail-tabs" onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            id={`${id}-${tab.name}`}
            type="button"
            role="tab"
            aria-selected={tab === active}
            aria-controls={`${id}-${tab.name}-panel`}
            tabIndex={tab === active ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {say(tab.label)}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.name}
          id={`${id}-${tab.name}-panel`}
          role="tabpanel"
          aria-labelledby={`${id}-${tab.name}`}
          className="detail"
          hidden={tab !== active}
        >
          {tab === active || opened.has(tab.name) ? show(tab) : null}
        </div>
      ))}
    </>
  );
}
