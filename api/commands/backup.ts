/** `pnpm backup FILE`: writes the whole state of the database into one file. Runs beside a running server. */

import { readConfig, StartError } from '../config.ts';
import { backup } from '../storage/backup.ts';
import { reachOwner } from '../storage/owner.ts';

export async function run([file]: string[]): Promise<void> {
  if (!file) throw new StartError('Name the file: pnpm backup FILE');
  const { owner_url, close } = await reachOwner(readConfig(process.env), (line) => console.log(line));
  try {
    const { tables, rows } = await backup(owner_url, file);
    console.log(`Wrote ${rows} rows of ${tables} tables to ${file}`);
  } finally {
    await close();
  }
}
