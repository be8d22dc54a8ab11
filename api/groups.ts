/** The groups of the menu, in their order. A resource names its group; one that is not here comes last under its own name. */
import type { Pair, Resource } from './contract.ts';

export const GROUPS: readonly { name: string; label: Pair }[] = [
  { name: 'customers', label: ['客户与交易', 'Customers and orders'] },
  { name: 'points', label: ['会员资产', 'Member accounts'] },
  { name: 'segments', label: ['客群', 'Segments'] },
  { name: 'programme', label: ['会员计划', 'Programme'] },
  { name: 'automation', label: ['自动化与社群', 'Automation'] },
  { name: 'pages', label: ['活动页面', 'Pages'] },
  { name: 'messages', label: ['消息', 'Messages'] },
  { name: 'budgets', label: ['预算', 'Budgets'] },
  { name: 'benchmark', label: ['竞品对标', 'Competitors'] },
  { name: 'risk', label: ['风险预案', 'Risk'] },
  { name: 'reports', label: ['报表与指标', 'Reports and metrics'] },
  { name: 'approvals', label: ['审批', 'Approvals'] },
  { name: 'system', label: ['系统管理', 'System'] },
];

/** As the menu has them: by group, then by place and name. */
export function inMenuOrder(resources: Iterable<Resource>): Resource[] {
  const known = GROUPS.map((each) => each.name);
  const group = ({ group: name }: Resource) => (known.includes(name) ? known.indexOf(name) : known.length);
  const place = ({ order = 100 }: Resource) => order;
  return [...resources].sort(
    (left, right) => group(left) - group(right) || place(left) - place(right) || (left.name < right.name ? -1 : 1),
  );
}
