/** Screens made by hand, beside those generated from the definitions: where they stand in the menu and who may open them. */
import type { Caller } from './context.ts';
import type { Meta, Resource } from './contract.ts';
import { accessOf } from './records/access.ts';

const PAGES: readonly (Meta['pages'][number] & { administrators?: true; reads?: readonly string[] })[] = [
  {
    path: '/trial',
    label: ['规则试算', 'Try rules'],
    group: 'programme',
    icon: 'play',
    reads: ['earn_rules', 'customers'],
  },
  {
    path: '/back-tests',
    label: ['规则回测', 'Back-tests'],
    group: 'programme',
    icon: 'history',
    reads: ['earn_rules', 'tiers', 'customers'],
  },
  {
    path: '/reports/health',
    label: ['健康日报', 'Daily health report'],
    group: 'reports',
    icon: 'bolt',
    reads: ['metric_targets'],
  },
  {
    path: '/reports/retrospectives',
    label: ['月度复盘', 'Retrospectives'],
    group: 'reports',
    icon: 'calendar',
    reads: ['retrospective_actions'],
  },
  {
    path: '/reports/metrics',
    label: ['指标库', 'Metrics'],
    group: 'reports',
    icon: 'chart',
    reads: ['metric_targets'],
  },
  { path: '/permissions', label: ['权限设置', 'Permissions'], group: 'system', icon: 'lock', administrators: true },
  { path: '/api-reference', label: ['API 文档', 'API reference'], group: 'system', icon: 'list' },
];

export function pagesFor(caller: Caller, resources: ReadonlyMap<string, Resource>): Meta['pages'] {
  const reads = (name: string) => {
    const resource = resources.get(name);
    return resource !== undefined && accessOf(caller, resource).list;
  };
  return PAGES.filter(
    (page) => (!page.administrators || caller.roles.includes('administrator')) && (page.reads ?? []).every(reads),
  ).map(({ administrators: _, reads: _reads, ...page }) => page);
}
