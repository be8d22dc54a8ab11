/**
 * Whom of the customers a person may count. A count tells of a customer as well as a row does: with a condition that fits
 * one person alone it says whether they satisfy it. What a form counts is therefore whom its reader may see, and it says so.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Caller, Deps } from './context.ts';
import type { Impact } from './contract.ts';
import { readMoment } from './programme.ts';
import { accessOf } from './records/access.ts';
import { visibleRows } from './records/query.ts';
import { relationOf } from './records/wire.ts';
import { FACTS } from './segment-rules.ts';
import { loosely } from './storage/loose-tables.ts';

export interface VisibleCustomers {
  /** Over ops.segment_facts: true for those who count. */
  condition: RawBuilder<SqlBool>;
  /** What is said beside the numbers; none where all customers count. */
  lines: Impact['lines'];
}

const ALIAS = 'seen_customers';

export async function visibleCustomers(deps: Deps, caller: Caller): Promise<VisibleCustomers> {
  const customers = deps.resources.get('customers');
  if (!customers || !accessOf(caller, customers).list) {
    const text = ['您没有查看客户的权限，人数不计', 'You may not see customers, so nobody is counted'] as const;
    return { condition: sql<SqlBool>`false`, lines: [{ text, tone: 'warning' }] };
  }
  const moment = await readMoment(deps.db, caller);
  const visible = visibleRows({ resource: customers, caller, moment, table: ALIAS });
  if (!visible) return { condition: sql<SqlBool>`true`, lines: [] };
  const ids = loosely(deps.db)
    .selectFrom(`${relationOf(customers)} as ${ALIAS}`)
    .select(`${ALIAS}.id`)
    .where(visible);
  return {
    condition: sql<SqlBool>`${sql.ref(`${FACTS}.customer_id`)} in (${ids})`,
    lines: [
      {
        text: [
          '人数只统计您可查看的客户；保存后对全部客户生效',
          'Only customers whom you may see are counted; once saved it holds for all of them',
        ],
        tone: 'warning',
      },
    ],
  };
}
