/** What an import cannot be faster than: a plain COPY of its finished lines, without orders, keys, customers or checks. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { copyInto, copyValue } from '../../api/import/copy.ts';
import { cpuOf } from './machine.ts';
import type { Setting } from './setting.ts';

const TABLE = 'app.bench_lines';

/**
 * Into an empty table with the indexes of app.order_lines; finding the lines and writing them as text is not counted.
 * @param prefix of the external ids of the orders whose lines are copied
 */
export async function measureCopy(
  { owner, owner_url, postgres_pid }: Setting,
  prefix: string,
): Promise<{ seconds: number; postgres_cpu_s: number }> {
  const orders = owner.selectFrom('app.orders').select('id').where('external_id', 'like', `${prefix}%`);
  const lines = await owner.selectFrom('app.order_lines').selectAll().where('order_id', 'in', orders).execute();
  const columns = Object.keys(lines[0]!);
  const text = lines.map((line) => `${Object.values(line).map(copyValue).join('\t')}\n`);
  await sql`create table ${sql.table(TABLE)} (like app.order_lines including all)`.execute(owner);
  const client = new pg.Client({ connectionString: owner_url });
  await client.connect();
  try {
    const before = cpuOf(postgres_pid, { children: true });
    const started = performance.now();
    await pipeline(Readable.from(text), client.query(copyInto(TABLE, columns)));
    return {
      seconds: (performance.now() - started) / 1000,
      postgres_cpu_s: (cpuOf(postgres_pid, { children: true }) - before) / 1000,
    };
  } finally {
    await client.end();
    await sql`drop table ${sql.table(TABLE)}`.execute(owner);
  }
}
