/** The public data sets behind the golden figures, copied straight into the fact tables. They lie beside the repository. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { TestDatabase } from '../database.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/** Whether the data sets are there; tests of them are skipped where they are not. */
export const GOLDEN = existsSync(FOLDER);
if (!GOLDEN) console.warn(`Golden figures are not tested: ${FOLDER} is absent.`);

/** 541,909 lines: orders, customers and cancellations, with dirty days marked. */
export async function loadOnlineRetail(t: TestDatabase): Promise<void> {
  const columns = ['invoice', 'sku', 'description', 'quantity', 'at', 'price', 'customer', 'country'];
  const file = createReadStream(join(FOLDER, 'online_retail.csv.gz')).pipe(createGunzip());
  await load(t, { columns, rows: file, file: 'online_retail.sql' });
}

/** All 23,570 CDNOW customers, or the one-in-ten sample. */
export async function loadCdnow(t: TestDatabase, which: 'master' | 'sample'): Promise<void> {
  const rows = readFileSync(join(FOLDER, `CDNOW_${which}.txt`), 'utf8')
    .split('\n')
    .slice(which === 'master' ? 1 : 0)
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells.length > 1)
    .map((cells) => [cells[0], cells.at(-3), cells.at(-1)].join(','));
  await loadPurchases(t, rows);
}

/** The orders of the R package rfm. */
export async function loadRfmOrders(t: TestDatabase): Promise<void> {
  await loadPurchases(t, readFileSync(join(FOLDER, 'rfm_data_orders.csv'), 'utf8').trim().split('\n').slice(1));
}

async function loadPurchases(t: TestDatabase, rows: readonly string[]): Promise<void> {
  const text = Readable.from([`customer,day,amount\n${rows.join('\n')}\n`]);
  await load(t, { columns: ['customer', 'day', 'amount'], rows: text, file: 'dated_purchases.sql' });
}

async function load(t: TestDatabase, source: { columns: string[]; rows: Readable; file: string }): Promise<void> {
  const client = new pg.Client({ connectionString: t.config.database_url! });
  await client.connect();
  try {
    // The files' rows refer to each other by construction; checking each again would take most of the time.
    const { rows } = await client.query(`select current_setting('is_superuser') as super`);
    if (rows[0].super === 'on') await client.query('set session_replication_role = replica');
    await client.query(`create temp table raw (${source.columns.map((name) => `${name} text`).join(', ')})`);
    await pipeline(source.rows, client.query(copyFrom('copy raw from stdin (format csv, header)')));
    await client.query(readFileSync(join(import.meta.dirname, 'golden', source.file), 'utf8'));
    await client.query('analyze');
  } finally {
    await client.end();
  }
}
