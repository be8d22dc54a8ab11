/** The pages of the reports' part that are no report files: where they are, and what they are for. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Pair } from '../api/contract.ts';
import type { ReportsProps } from './report-page.tsx';

export interface OwnPage {
  /** Below /reports; an area of reports cannot be called that. */
  slug: string;
  title: Pair;
  describe: Pair;
  page: LazyExoticComponent<ComponentType<ReportsProps>>;
}

export const OWN_PAGES: readonly OwnPage[] = [
  {
    slug: 'health',
    title: ['健康日报', 'Daily health report'],
    describe: [
      '昨天怎么样：核心指标、进行中的活动、预算、异常与数据新鲜度',
      'How yesterday went: the main figures, running campaigns, budgets, incidents and how fresh data are',
    ],
    page: lazy(() => import('./health-page.tsx')),
  },
  {
    slug: 'stages',
    title: ['阶段评估', 'Stages and goals'],
    describe: [
      '短、中、长期目标走到哪一步：基线、进度、区间与对照组效果',
      'How far the goals of each stage are: baseline, pace, interval, and effects beside a holdout',
    ],
    page: lazy(() => import('./stages-page.tsx')),
  },
  {
    slug: 'retrospectives',
    title: ['月度复盘', 'Retrospectives'],
    describe: [
      '每个月的记分卡、变化与原因、数据质量和行动，审阅后签署留存',
      'Each month with its scorecard, what changed and by what, how good the data are and what was decided; reviewed and signed',
    ],
    page: lazy(() => import('./retrospective-list.tsx')),
  },
  {
    slug: 'heatmap',
    title: ['点击热力图', 'Click heatmap'],
    describe: [
      '活动页面上点了哪里、看到哪里：点击率、愤怒与无效点击、滚动深度、版本对比和优化建议',
      'Where visitors of campaign pages click and how far they come: rates, rage and dead clicks, scrolling, versions compared, suggestions',
    ],
    page: lazy(() => import('./heatmap-page.tsx')),
  },
  {
    slug: 'metrics',
    title: ['指标库', 'Metrics'],
    describe: [
      '每个指标的定义、来源、走势与目标',
      'What each metric means, where it comes from, its course and target',
    ],
    page: lazy(() => import('./metric-list.tsx')),
  },
];
