/** What an automation would have done over the last months, before it is saved or launched: who would have entered, and what that would have cost at most. */
import { sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Impact, Pair, Row } from '../contract.ts';
import { asksSomething } from '../engine/automations.ts';
import { dayIn, readProgramme } from '../programme.ts';

const MONTHS = 12;
type Line = Impact['lines'][number];
interface Month {
  month: string;
  entered: number;
  held_out: number;
  cost: string;
}

export async function impact(
  deps: Deps,
  { id, values }: { id: number | null; values: Row; caller: Caller },
): Promise<Impact> {
  const started = performance.now();
  const { time_zone } = await readProgramme(deps.db);
  const today = dayIn(time_zone, new Date());
  const settings = JSON.stringify({ ...values, id });
  const steps = JSON.stringify(Array.isArray(values.steps) ? values.steps : []);
  const { rows } = await sql<Month & { all_entered: number; all_held_out: number; each: string; all_cost: string }>`
    select
      to_char(tested.month, 'YYYY-MM') as month, tested.entered::integer as entered, tested.held_out::integer as held_out,
      (tested.entered * costs.each)::text as cost, costs.each::text as each,
      (sum(tested.entered) over ())::integer as all_entered, (sum(tested.held_out) over ())::integer as all_held_out,
      (sum(tested.entered) over () * costs.each)::text as all_cost
    from ops.automation_back_test(${settings}::jsonb, ${today}::date, ${MONTHS}) as tested
    cross join ops.automation_cost(${steps}::jsonb) as costs (each)
    order by tested.month
  `.execute(deps.db);
  const { all_entered: entered, all_held_out: held_out, each, all_cost } = rows[0] ?? NOBODY;
  const present = await presentNow(deps, values);
  const lines: Line[] = [
    {
      text: [
        `近 ${MONTHS} 个月约有 ${grouped(entered)} 人次会进入${held_out > 0 ? `，另有 ${grouped(held_out)} 人次为对照组` : ''}`,
        `About ${grouped(entered)} entries in the last ${MONTHS} months${held_out > 0 ? `, and ${grouped(held_out)} held out` : ''}`,
      ],
      tone: entered === 0 && present === 0 ? 'warning' : 'info',
    },
  ];
  if (present !== null)
    lines.push({
      text: [
        `现在有 ${grouped(present)} 位客户在触发客群中${values.include_present ? '，启动时一并进入' : '，启动时不进入'}`,
        `${grouped(present)} customers are in it now${values.include_present ? ' and enter when it is launched' : '; they do not enter'}`,
      ],
      tone: 'info',
    });
  if (Number(each) > 0)
    lines.push({
      text: [
        `所发优惠券与积分全部使用时，每人次最多 ${money(each)}，近 ${MONTHS} 个月合计最多 ${money(all_cost)}`,
        `If every coupon and point is used: at most ${money(each)} an entry, ${money(all_cost)} over ${MONTHS} months`,
      ],
      tone: 'info',
    });
  if (asksSomething(values.audience_filter))
    lines.push({
      text: ['以上未计入“其他条件”', 'The further condition is not counted here'],
      tone: 'warning',
    });
  return {
    lines,
    tables: rows.length === 0 ? [] : [{ title: TITLE, columns: COLUMNS, rows: rows.map(tableRow) }],
    took_ms: Math.round(performance.now() - started),
  };
}

const NOBODY = { all_entered: 0, all_held_out: 0, each: '0', all_cost: '0' };
const TITLE: Pair = ['按月回测', 'Month by month'];
const COLUMNS: Impact['tables'][number]['columns'] = [
  { name: 'month', label: ['月份', 'Month'], unit: 'text' },
  { name: 'entered', label: ['进入', 'Entered'], unit: 'count' },
  { name: 'held_out', label: ['对照组', 'Held out'], unit: 'count' },
  { name: 'cost', label: ['成本上限', 'Cost at most'], unit: 'money' },
];

function tableRow({ month, entered, held_out, cost }: Month): { [column: string]: string | number } {
  return { month, entered, held_out, cost };
}

/** Who is in the segments that it begins with; null where it does not begin with one. */
async function presentNow(deps: Deps, { trigger, trigger_segments }: Row): Promise<number | null> {
  if (trigger !== 'segment_enter') return null;
  const ids = Array.isArray(trigger_segments) ? (trigger_segments as number[]) : [];
  const { rows } = await sql<{ present: number }>`
    select count(distinct stays.customer_id)::integer as present
    from app.segment_memberships as stays
    inner join base.segments
      on segments.rule_set_id = stays.rule_set_id
      and segments.segment_code = stays.segment_code
    where segments.id = any (${ids}::bigint[])
      and stays.left_on is null
  `.execute(deps.db);
  return rows[0]!.present;
}

const grouped = (count: number): string => new Intl.NumberFormat('en-US').format(count);
const money = (amount: string): string =>
  `¥${new Intl.NumberFormat('en-US', { minimumFractionDigits: 2 }).format(Number(amount))}`;
