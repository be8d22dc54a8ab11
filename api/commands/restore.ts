/** `pnpm restore FILE`: fills an empty database from a backup and brings it to this release. */

import { readConfig, StartError } from '../config.ts';
import { restore } from '../storage/backup.ts';
import { findLogins } from '../storage/logins.ts';
import { reachOwner } from '../storage/owner.ts';

export async function run([file]: string[]): Promise<void> {
  if (!file) throw new StartError('Name the file: pnpm restore FILE');
  const config = readConfig(process.env);
  const say = (line: string) => console.log(line);
  const { owner_url, close } = await reachOwner(config, say);
  try {
    const { tables, rows } = await restore(findLogins({ ...config, owner_url }), file, say);
    console.log(`Restored ${rows} rows of ${tables} tables from ${file}`);
  } finally {
    await close();
  }
}
