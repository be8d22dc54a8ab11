/** `pnpm seed --customers N [--orders M]`: adds made-up customers with their orders, the same ones on every machine. */
import { parseArgs } from 'node:util';
import { readConfig, StartError } from '../config.ts';
import { openDatabases, openOwner } from '../database.ts';
import { seedMany } from '../seed.ts';
import { openLog } from '../start/log.ts';

/** As many as in the demo. */
const ORDERS_PER_CUSTOMER = 12;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { customers: { type: 'string' }, orders: { type: 'string' } } });
  const customers = count('customers', values.customers ?? '');
  const orders = values.orders === undefined ? customers * ORDERS_PER_CUSTOMER : count('orders', values.orders);
  const config = readConfig(process.env);
  const databases = await openDatabases({ ...config, demo: false }, openLog(config));
  const owner = openOwner(databases.owner_url);
  try {
    const made = await seedMany(owner, { customers, orders, say: (line) => console.log(line) });
    console.log(`There are ${made.customers} customers with ${made.orders} orders now.`);
  } finally {
    await owner.destroy();
    await databases.close();
  }
}

function count(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) throw new StartError(`Say how many: pnpm seed --${name} 1000`);
  return Number(text);
}
