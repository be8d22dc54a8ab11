/** What an automation would have done over the last months, before it is saved or launched: who would have entered, and what that would have cost at most. */
import { type Kysely, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Impact, Json, Pair, Predicate, Row } from '../contract.ts';
import { askedOfNow, writeChances } from '../engine/automation-past.ts';
import { asksSomething, thisWork } from '../engine/automations.ts';
import { dayIn, readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { amount, count } from '../timelines/words.ts';

const MONTHS = 12;
/** The form waits for it: a condition that takes longer over a year of days is left out, and that is said. */
const PATIENCE = '15s';
type Line = Impact['lines'][number];
interface Outlook {
  months: { month: string; entered: number; held_out: number; cost: string }[];
  entered: number;
  held_out: number;
  /** What one entry costs at most; null: nothing. */
  each: string | null;
  cost: string;
  present: number | null;
}

export async function impact(
  deps: Deps,
  { id, values }: { id: number | null; values: Row; caller: Caller },
): Promise<Impact> {
  const started = performance.now();
  const programme = await readProgramme(deps.db);
  const today = dayIn(programme.time_zone, new Date());
  const settings = JSON.stringify({ ...values, id });
  const condition = asksSomething(values.audience_filter) ? (values.audience_filter as Json) : null;
  const asked = { settings, as_of_on: today };
  const counted =
    condition === null ? null : await pastOf(deps, { ...asked, condition, time_zone: programme.time_zone });
  const { months, entered, held_out, each, cost, present } = counted ?? (await outlook(deps.db, asked, null));
  const lines: Line[] = [
    {
      text: [
        `近 ${MONTHS} 个月约有 ${count(entered)} 人次会进入${held_out > 0 ? `，另有 ${count(held_out)} 人次为对照组` : ''}`,
        `About ${count(entered)} entries in the last ${MONTHS} months${held_out > 0 ? `, and ${count(held_out)} held out` : ''}`,
      ],
      tone: entered === 0 && !present ? 'warning' : 'info',
    },
  ];
  if (present !== null)
    lines.push({
      text: [
        `现在有 ${count(present)} 位客户在触发客群中${values.include_present ? '，启动时一并进入' : '，启动时不进入'}`,
        `${count(present)} customers are in it now${values.include_present ? ' and enter when it is launched' : '; they do not enter'}`,
      ],
      tone: 'info',
    });
  if (each !== null)
    lines.push({
      text: [
        `所发优惠券、权益与积分全部使用时，每人次最多 ${amount(each, programme)}，近 ${MONTHS} 个月合计最多 ${amount(cost, programme)}`,
        `If every coupon, benefit and point is used: at most ${amount(each, programme)} an entry, ${amount(cost, programme)} over ${MONTHS} months`,
      ],
      tone: 'info',
    });
  if (condition !== null) lines.push(conditionLine(deps, condition as Predicate, counted !== null));
  return {
    lines,
    tables:
      months.length === 0 ? [] : [{ title: TITLE, columns: COLUMNS, rows: months.map((month) => ({ ...month })) }],
    took_ms: Math.round(performance.now() - started),
  };
}

const TITLE: Pair = ['按月回测', 'Month by month'];
const COLUMNS: Impact['tables'][number]['columns'] = [
  { name: 'month', label: ['月份', 'Month'], unit: 'text' },
  { name: 'entered', label: ['进入', 'Entered'], unit: 'count' },
  { name: 'held_out', label: ['对照组', 'Held out'], unit: 'count' },
  { name: 'cost', label: ['成本上限', 'Cost at most'], unit: 'money' },
];

function conditionLine(deps: Deps, condition: Predicate, counted: boolean): Line {
  if (!counted)
    return {
      text: [
        '“其他条件”按每一天回算耗时过长，以上未计入',
        'The further condition takes too long to work out for each day: it is not counted here',
      ],
      tone: 'warning',
    };
  const now = askedOfNow(deps, condition);
  if (now.length === 0)
    return {
      text: [
        '“其他条件”已按每一天当时的订单与退货计入',
        'The further condition is counted by the orders and returns of each day',
      ],
      tone: 'info',
    };
  return {
    text: [
      `“其他条件”已计入；其中${now.map(([zh]) => `“${zh}”`).join('、')}没有历史，按现在的值判断`,
      `The further condition is counted; of ${now.map(([, en]) => `“${en}”`).join(', ')} only the present is known, so it stands for the past`,
    ],
    tone: 'warning',
  };
}

/** With the further condition asked of each day; null where that takes too long. Nothing of its workings stays. */
async function pastOf(
  deps: Deps,
  asked: { settings: string; as_of_on: string; condition: Json; time_zone: string },
): Promise<Outlook | null> {
  try {
    return await deps.db.transaction().execute(async (trx) => {
      await sql`select set_config('statement_timeout', ${PATIENCE}, true)`.execute(trx);
      await writeChances(trx, deps, { ...asked, months: MONTHS });
      const said = await outlook(trx, asked, thisWork);
      await trx.deleteFrom('app.automation_entrants').where('work_id', '=', thisWork).execute();
      return said;
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === QUERY_CANCELED) return null;
    throw error;
  }
}

const QUERY_CANCELED = '57014';

async function outlook(
  db: Kysely<DB>,
  { settings, as_of_on }: { settings: string; as_of_on: string },
  work: typeof thisWork | null,
): Promise<Outlook> {
  const { rows } = await sql<{ said: Outlook }>`
    select ops.automation_outlook(${settings}::jsonb, ${as_of_on}::date, ${MONTHS}::integer, ${work}::bigint) as said
  `.execute(db);
  return rows[0]!.said;
}
