/** The charts of a back-test: as it is beside by the draft. */
import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { Json, Pair } from '../../api/contract.ts';
import type { BackTest } from '../../api/contract-trials.ts';
import type { Figures } from '../../reports/small-chart.tsx';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { isDark, onThemeChange } from '../shell/theme-mode.ts';
import { Antd } from '../ui/antd.tsx';
import { Skeleton } from '../ui/states.tsx';

const SmallChart = lazy(() => import('../../reports/small-chart.tsx'));

const SIDES: { [side: string]: Pair } = { real: ['实际规则', 'As it is'], draft: ['草稿', 'Draft'] };
const side = { role: 'series' as const, label: ['规则', 'Rules'] as Pair, labels: SIDES };
const points = {
  role: 'measure' as const,
  label: ['净发放积分', 'Points given (net)'] as Pair,
  unit: 'count' as const,
};
const customers = { role: 'measure' as const, label: ['客户数', 'Customers'] as Pair, unit: 'count' as const };

export function BackTestCharts({ test }: { test: BackTest }) {
  const { t, lang } = useLang();
  const { currency } = useMeta().settings;
  const dark = useSyncExternalStore(onThemeChange, isDark);
  const words = { chart: t('bt.show_chart'), table: t('bt.show_table') };
  const named = (pair: Pair) => pair[lang === 'zh' ? 0 : 1] || t('trial.none');
  const charts: Figures[] = [byMonth(test), spread(test), tiers(test, named), segments(test, named)];
  return (
    <Antd>
      <div className="bt-charts">
        {charts.map((figures) => (
          <Suspense key={figures.title[1]} fallback={<Skeleton lines={8} />}>
            <SmallChart figures={figures} lang={lang} currency={currency} dark={dark} words={words} />
          </Suspense>
        ))}
      </div>
    </Antd>
  );
}

const both = <T,>(lines: readonly T[], row: (line: T, side: 'real' | 'draft') => Json[]): Json[][] =>
  lines.flatMap((line) => [row(line, 'real'), row(line, 'draft')]);

function byMonth(test: BackTest): Figures {
  return {
    title: ['每月净发放积分', 'Points given each month (net)'],
    columns: { month: { role: 'category', label: ['月份', 'Month'] }, side, points },
    chart: { kind: 'column', x: 'month', y: 'points', color: 'side' },
    rows: both(test.by_month, (line, of) => [line.month_on.slice(0, 7), of, line[of].issued ?? 0]),
  };
}

function spread(test: BackTest): Figures {
  const range = ({ from, to }: BackTest['spread'][number]) => {
    if (from === null) return `≤ ${to}`;
    if (to === null) return `≥ ${from}`;
    return from === to ? String(from) : `${from} ~ ${to}`;
  };
  // Steps at either end that hold nobody say nothing.
  const filled = test.spread.map((step) => step.customers > 0 || (step.from === 0 && step.to === 0));
  const shown = test.spread.slice(filled.indexOf(true), filled.lastIndexOf(true) + 1);
  return {
    title: ['得多得少的分布', 'Who gets more, who less'],
    columns: { more: { role: 'category', label: ['每位客户的积分差', 'Points more per customer'] }, customers },
    chart: { kind: 'column', x: 'more', y: 'customers' },
    rows: shown.map((step) => [range(step), step.customers]),
  };
}

function tiers(test: BackTest, named: (pair: Pair) => string): Figures {
  return {
    title: ['期末等级分布', 'Tiers at the end'],
    columns: { tier: { role: 'category', label: ['期末等级', 'Tier at the end'] }, side, customers },
    chart: { kind: 'column', x: 'tier', y: 'customers', color: 'side' },
    rows: both(test.tiers, (tier, of) => [named(tier.name), of, tier[of]]),
  };
}

function segments(test: BackTest, named: (pair: Pair) => string): Figures {
  return {
    title: ['按客群的净发放积分', 'Points given by segment (net)'],
    columns: { segment: { role: 'category', label: ['客群', 'Segment'] }, side, points },
    chart: { kind: 'column', x: 'segment', y: 'points', color: 'side' },
    rows: both(test.segments, (segment, of) => [named(segment.name), of, segment[of]]),
  };
}
