/** Coupons claimed and redeemed a second by 32 clients: without a limit, against a sharded one, and against one counter row. */
import { sql } from 'kysely';
import pg from 'pg';
import type { EngineFigure } from './measure-engine.ts';
import type { Setting } from './setting.ts';

const CLIENTS = 32;
const CLAIMS = 4_000;
const REDEMPTIONS = 1_500;
/** A slow machine does fewer in it, not longer. */
const SECONDS_MAX = 15;

export async function measureCoupons({ owner, app_url }: Setting): Promise<EngineFigure[]> {
  const { rows: people } = await sql<{ id: number }>`
    select id from app.customers where id <> 0 and status = 'active' order by id limit ${CLAIMS}`.execute(owner);
  const made: number[] = [];
  const template = async (name: string, total_limit: number | null) => {
    const { rows } = await sql<{ id: number }>`
      insert into app.coupon_templates (code, name, name_en, kind, status, amount, valid_for, distribution, stacking, total_limit)
      values (${`bench_${name}_${Date.now()}`}, 'b', 'b', 'fixed', 'active', 1, 30, 'claim', 'stackable', ${total_limit})
      returning id`.execute(owner);
    made.push(rows[0]!.id);
    return rows[0]!.id;
  };
  const pool = new pg.Pool({ connectionString: app_url, max: CLIENTS });
  try {
    const unlimited = await template('free', null);
    const sharded = await template('sharded', 10 * CLAIMS);
    const single = await template('single', 10 * CLAIMS);
    await sql`select ops.lay_out_coupon_shards(${sharded}, 32), ops.lay_out_coupon_shards(${single}, 1)`.execute(owner);
    const claim = (of: number) => (n: number) =>
      pool.query(
        `select coupon_id from ops.issue_coupons($1, array[$2]::bigint[], 'bench', array[$3], now(), '{"claimed": true}')`,
        [of, people[n % people.length]!.id, `${of}-${n}`],
      );
    // Each once to warm up, then in turns.
    await perSecond(200, claim(await template('warm', null)));
    const free = await perSecond(CLAIMS, claim(unlimited));
    const many = await perSecond(CLAIMS, claim(sharded));
    const one = await perSecond(CLAIMS, claim(single));
    const { rows: held } = await sql<{ id: number; customer_id: number }>`
      select id, customer_id from app.coupons where template_id = ${unlimited} order by id limit ${REDEMPTIONS}`.execute(
      owner,
    );
    const redeemed = await perSecond(Math.min(REDEMPTIONS, held.length), async (n) => {
      const { id, customer_id } = held[n]!;
      const asked = {
        ...{ source: 'bench', external_id: `use-${id}`, coupons: [`C${id}`], channel: 'online' },
        lines: [{ sku: 'x', quantity: 1, unit_price: '10.00' }],
      };
      const { rows } = await pool.query(`select ops.reserve_coupons($1, $2::jsonb, now()) ->> 'id' as id`, [
        customer_id,
        JSON.stringify(asked),
      ]);
      await pool.query(`select ops.decide_coupon_checkout($1, 'confirm', null, '{}', clock_timestamp())`, [rows[0].id]);
    });
    return [
      figure('coupons claimed by 32 clients, without a limit', `${Math.round(free)}/s`),
      {
        name: 'coupons claimed against a limit in parts, as a ratio to one counter row',
        figure: `${(many / one).toFixed(1)} x (${Math.round(many)}/s against ${Math.round(one)}/s)`,
        aim: '> 1 x',
        met: many > one,
      },
      figure('coupons reserved and redeemed by 32 clients', `${Math.round(redeemed)}/s`),
    ];
  } finally {
    await pool.end();
    await sql`delete from app.coupon_uses where template_id = any(${made}::bigint[])`.execute(owner);
    await sql`delete from app.coupons where template_id = any(${made}::bigint[])`.execute(owner);
    await sql`delete from app.fact_keys where source = 'bench' and kind in ('coupon', 'coupon_use')`.execute(owner);
    await sql`delete from app.coupon_templates where id = any(${made}::bigint[])`.execute(owner);
  }
}

async function perSecond(times: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let next = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < times && seconds() < SECONDS_MAX) await work(next++);
    }),
  );
  return next / seconds();
}

function figure(name: string, measured: string): EngineFigure {
  return { name, figure: measured, aim: '', met: null };
}
