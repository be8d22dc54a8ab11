/** Two customers turn out to be one person: what the duplicate did becomes the survivor's, whose books are then done again. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Pair } from '../contract.ts';
import { processCustomers } from '../engine/process.ts';
import type { ActionHandler } from '../records/action.ts';
import { announce } from '../records/announce.ts';
import { recordAudit } from '../records/audit.ts';
import type { DB } from '../schema.ts';

interface Figures {
  code: string;
  tier: string | null;
  tier_en: string | null;
  spend: string;
  balance: number;
  [count: string]: string | number | null;
}

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  const duplicate = Number(input.duplicate);
  const theirs = await trx.selectFrom('app.customers').select('status').where('id', '=', duplicate).executeTakeFirst();
  await merge(trx, deps, { survivor: id!, duplicate, user_id: writer.caller.id, why: String(input.reason) });
  await recordAudit(trx, {
    caller: writer.caller,
    resource: 'customers',
    record_id: duplicate,
    action: 'action',
    before: { status: theirs?.status ?? null, merged_into_id: null },
    after: { status: 'merged', merged_into_id: id! },
    reason: `merge_duplicate: ${String(input.reason)}`,
    request_id: writer.request_id,
  });
  announce(deps, 'customers', [duplicate], trx);
  const { balance, tier, tier_en } = await figures(trx, id!);
  return {
    message: [
      `已合并，积分余额现为 ${balance}${tier ? `，等级为“${tier}”` : ''}`,
      `Merged: the balance is ${balance} now${tier_en ? `, the tier “${tier_en}”` : ''}`,
    ],
  };
};

export const preview: NonNullable<ActionHandler['preview']> = async (deps, { id, input, writer, trx }) => {
  const duplicate = Number(input.duplicate);
  const own = await figures(trx, id!);
  const theirs = await figures(trx, duplicate);
  await merge(trx, deps, { survivor: id!, duplicate, user_id: writer.caller.id, why: '' });
  const after = await figures(trx, id!);
  const all = [own, theirs, after];
  const tier = ({ tier, tier_en }: Figures): Pair => (tier && tier_en ? [tier, tier_en] : ['—', '—']);
  return {
    columns: [
      ['当前客户', 'This customer'],
      ['重复的客户', 'The duplicate'],
      ['合并后', 'Afterwards'],
    ],
    rows: [
      { label: ['客户编号', 'Customer no.'], values: all.map(({ code }) => code) },
      { label: ['等级', 'Tier'], values: all.map(tier) },
      ...COUNTED.map(([name, label]) => ({ label, values: all.map((each) => grouped(String(each[name] ?? 0))) })),
    ],
    notes: NOTES,
  };
};

const COUNTED: [name: string, label: Pair][] = [
  ['orders', ['订单数', 'Orders']],
  ['spend', ['净消费额', 'Net spend']],
  ['balance', ['积分余额', 'Points']],
  ['pending', ['待生效积分', 'Pending points']],
  ['reserved', ['预留积分', 'Reserved points']],
  ['lots', ['未用完的积分批次', 'Credits with points left']],
  ['growth', ['成长值', 'Growth value']],
  ['redemptions', ['积分兑换', 'Redemptions']],
  ['adjustments', ['人工调整与延期', 'Adjustments by staff, extensions']],
  ['events', ['行为事件', 'Events']],
  ['grants', ['权益包', 'Packages']],
  ['uses', ['权益使用', 'Uses of benefits']],
];
const NOTES: Pair[] = [
  [
    '积分、成长值和等级按两人的全部记录重新计算：每客户上限、首单奖励、入会奖励只算一次，因此可能不等于两数之和。',
    'Points, growth value and tier are worked out from what both did: caps, first orders and enrolment count once, so it may be less than the sum.',
  ],
  [
    '当前客户的资料和营销同意不变，空白处由重复客户补上，标签与备注合并；同一周期的同一权益合并计次。',
    'This customer’s record and consents stay; what is empty is filled from the duplicate, tags and notes are joined; uses of one benefit in one period count together.',
  ],
  [
    '优惠券核销随订单转移。活动触达按合并后的一人计算；此后以原客户编号送来的订单、导入与事件都记在当前客户名下。',
    'Coupons go with their orders, campaigns reach one person. Orders, files and events that name the old number from then on are this customer’s.',
  ],
  ['合并不可撤销。', 'A merge cannot be undone.'],
];

/** "1234567.80" as "1,234,567.80". */
const grouped = (number: string) => number.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');

async function merge(
  trx: Kysely<DB>,
  deps: Deps,
  { survivor, duplicate, user_id, why }: { survivor: number; duplicate: number; user_id: number; why: string },
): Promise<void> {
  await sql`select ops.merge_customers(${survivor}::bigint, ${duplicate}::bigint, ${user_id}::bigint, ${why})`.execute(
    trx,
  );
  const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(trx);
  await processCustomers(trx, deps, { until_at: rows[0]!.at, only: [survivor] });
}

async function figures(trx: Kysely<DB>, id: number): Promise<Figures> {
  const { rows } = await sql<{ found: Figures }>`select ops.merge_figures(${id}::bigint) as found`.execute(trx);
  return rows[0]!.found ?? { code: '', tier: null, tier_en: null, spend: '0', balance: 0 };
}
