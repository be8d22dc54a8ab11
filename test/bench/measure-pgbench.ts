/** What Postgres itself can do without any server in front, where pgbench is installed: the same list and record as rows. */
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Setting } from './setting.ts';

const SECONDS = 3;
const CLIENTS = 8;

export interface PgbenchFigure {
  name: string;
  per_second: number;
}

/** @returns nothing where pgbench is missing */
export async function measurePgbench(setting: Setting, customers: number): Promise<PgbenchFigure[]> {
  if (spawnSync('pgbench', ['--version']).status !== 0) return [];
  const columns = setting.stored.join(', ');
  const scripts = {
    list: `select ${columns} from base.customers where channel = 'store' and status = 'active' order by enrolled_on desc, id desc limit 25;`,
    get: `\\set id random(1, ${customers})\nselect ${columns} from base.customers where id = :id;`,
  };
  const figures: PgbenchFigure[] = [];
  for (const [name, script] of Object.entries(scripts)) {
    const file = join(setting.data_dir, `${name}.pgbench`);
    writeFileSync(file, `${script}\n`);
    const args = ['-n', '-M', 'prepared', '-c', CLIENTS, '-j', 1, '-T', SECONDS, '-f', file, setting.app_url].map(
      String,
    );
    const { stdout } = await promisify(execFile)('pgbench', args);
    figures.push({ name, per_second: Number(/tps = ([\d.]+)/.exec(stdout)?.[1]) });
  }
  return figures;
}
