/**
 * `pnpm bench [--customers N] [part …]`: measures the product on this machine beside a thin server in the same run.
 * 100,000 customers unless told otherwise; the database is kept under .data/bench for the next run.
 */
import { parseArgs } from 'node:util';
import { httpCases } from './http-cases.ts';
import { measureHttp } from './measure-http.ts';
import { openSetting } from './setting.ts';

const { values, positionals } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '4' },
    only: { type: 'string' },
    profile: { type: 'boolean' },
  },
  allowPositionals: true,
});
const customers = Number(values.customers);
const setting = await openSetting(customers, { profile: values.profile });
try {
  const cases = (await httpCases(setting, customers)).filter(({ name }) => !values.only || name.includes(values.only));
  await measureHttp(setting, cases, { seconds: Number(values.seconds), rounds: Number(values.rounds) });
  void positionals;
} finally {
  await setting.close();
}
