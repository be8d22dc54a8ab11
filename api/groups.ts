/** The groups of the menu, in their order. A resource names its group; one that is not here comes last under its own name. */
import type { Pair } from './contract.ts';

export const GROUPS: readonly { name: string; label: Pair }[] = [
  { name: 'customers', label: ['客户与交易', 'Customers and orders'] },
  { name: 'segments', label: ['客群', 'Segments'] },
  { name: 'programme', label: ['会员计划', 'Programme'] },
  { name: 'budgets', label: ['预算', 'Budgets'] },
  { name: 'risk', label: ['风险预案', 'Risk'] },
  { name: 'approvals', label: ['审批', 'Approvals'] },
  { name: 'system', label: ['系统管理', 'System'] },
];
