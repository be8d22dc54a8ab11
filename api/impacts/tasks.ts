/**
 * What a task would have come to: the last months of some customers are worked by it, in a transaction that is rolled back, and
 * scaled up to all of them.
 */
import { sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Impact, Json, Row } from '../contract.ts';
import { rolledBack } from '../engine/rolled-back.ts';
import { visibleCustomers } from '../visible-customers.ts';

const DAYS = 90;
/** As many as somebody waits for who is typing. */
const CUSTOMERS = 500;
const LIMITS = { statement_ms: 20_000, lock_ms: 3_000 };

type Line = Impact['lines'][number];
interface Tried {
  step_id: number;
  begun: number;
  reached: number;
  turns: number;
}

export async function impact(deps: Deps, { values, caller }: { values: Row; caller: Caller }): Promise<Impact> {
  const started = performance.now();
  const took_ms = () => Math.round(performance.now() - started);
  const { lines } = await visibleCustomers(deps, caller);
  // A sum over people whom the reader may not see would tell of them.
  if (lines.length > 0) return { lines: [HIDDEN], tables: [], took_ms: took_ms() };
  const steps = stepsOf(values);
  if (steps.length === 0) return { lines: [NO_STEPS], tables: [], took_ms: took_ms() };
  const { rows: people } = await sql<{ customer_id: number; population: number }>`
    select recent.customer_id, recent.population
    from base.programme
    cross join lateral ops.recent_customers(programme.today_on - ${DAYS}::integer, ${CUSTOMERS}::integer) as recent
  `.execute(deps.db);
  const [first] = people;
  if (!first) return { lines: [NOBODY], tables: [], took_ms: took_ms() };
  const body = JSON.stringify({ ...values, status: 'active', customer_condition: null, steps });
  const tried = await rolledBack(deps.db, LIMITS, async (trx) => {
    const { rows } = await sql<Tried>`
      select tried.step_id, tried.begun, tried.reached, tried.turns
      from ops.try_task(
        ${body}::jsonb, ${`{${people.map((each) => each.customer_id).join(',')}}`}::bigint[], now() - ${DAYS} * interval '1 day'
      ) as tried
    `.execute(trx);
    return rows;
  });
  const scale = Number(first.population) / people.length;
  const scaled = (count: number) => Math.round(count * scale);
  const begun = scaled(Math.max(0, ...tried.map((each) => Number(each.begun))));
  const given = steps.map((step, at) => {
    const found = tried.find((each) => Number(each.step_id) === at + 1);
    return { step, reached: scaled(Number(found?.reached ?? 0)), turns: scaled(Number(found?.turns ?? 0)) };
  });
  const points = given.reduce((sum, { step, turns }) => sum + Number(step.points ?? 0) * turns, 0);
  const coupons = given.reduce((sum, { step, turns }) => sum + (step.coupon_template_id == null ? 0 : turns), 0);
  return {
    lines: [
      {
        text: [
          `近 ${DAYS} 天若已启用：约 ${begun} 人开始，送出优惠券约 ${coupons} 张、积分约 ${points}`,
          `Had it held for the last ${DAYS} days: about ${begun} would have begun; some ${coupons} coupons and ${points} points given`,
        ],
        tone: 'info',
      },
      ...(values.customer_condition ? [UNASKED] : []),
      ...(scale > 1
        ? [
            {
              text: [
                `按 ${people.length} 位近期客户推算至 ${first.population} 位`,
                `Worked out for ${people.length} recent customers, scaled up to ${first.population}`,
              ],
              tone: 'info',
            } satisfies Line,
          ]
        : []),
    ],
    tables: [
      {
        title: ['各步骤', 'By step'],
        columns: [
          { name: 'step', label: ['步骤', 'Step'], unit: 'text' },
          { name: 'reached', label: ['达成人数', 'Reached by'], unit: 'count' },
          { name: 'turns', label: ['达成次数', 'Times'], unit: 'count' },
          { name: 'rate', label: ['达成率', 'Rate'], unit: 'rate' },
        ],
        rows: given.map(({ step, reached, turns }) => ({
          step: [String(step.name ?? ''), String(step.name_en ?? step.name ?? '')] as const,
          reached,
          turns,
          rate: begun === 0 ? null : (reached / begun).toFixed(4),
        })),
      },
    ],
    took_ms: took_ms(),
  };
}

/** Steps as the engine reads them, numbered as they stand. */
function stepsOf(values: Row): { [field: string]: Json }[] {
  const given = (Array.isArray(values.steps) ? values.steps : []) as unknown as { [field: string]: Json }[];
  return given.map((step, at) => ({ ...step, id: at + 1, position: at + 1 }));
}

const HIDDEN: Line = {
  text: ['您只能看到部分客户，因此不做试算', 'You see some of the customers only, so nothing is worked out'],
  tone: 'warning',
};
const NO_STEPS: Line = { text: ['还没有步骤', 'There is no step yet'], tone: 'info' };
const NOBODY: Line = { text: ['近期没有客户下单或入会', 'Nobody ordered or enrolled lately'], tone: 'info' };
const UNASKED: Line = {
  text: ['试算未计入“其他条件”', 'The further condition is not asked here'],
  tone: 'warning',
};
