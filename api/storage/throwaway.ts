/** A PostgreSQL that need not survive: its own cluster in a temporary folder, removed when it stops. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from './embedded.ts';

const FOLDER = 'evergreen-throwaway-';

export interface Throwaway {
  /** Owner's address of one of its databases; "postgres" is there. */
  url(database: string): string;
  stop(): Promise<void>;
}

/** @param bin Folder of another version's programs. */
export async function startThrowaway(bin?: string): Promise<Throwaway> {
  clearAbandoned();
  const data_dir = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`));
  // The folder of the cluster in it is private; this one the unprivileged user of root has to pass.
  chmodSync(data_dir, 0o755);
  const remove = () => removeData(data_dir);
  try {
    const cluster = await startCluster({ data_dir, bin, throwaway: true });
    return {
      url: cluster.url,
      stop: async () => {
        await cluster.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Processes that were killed leave their folder and perhaps their server. */
function clearAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(FOLDER) ? Number(name.slice(FOLDER.length).split('-')[0]) : 0;
    if (!pid || isAlive(pid)) continue;
    const data_dir = join(tmpdir(), name);
    try {
      const postmaster = readFileSync(join(data_dir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
      const server = Number(postmaster.split('\n')[0]);
      // Nothing in it is worth a shutdown in order.
      const cluster = realpathSync(join(data_dir, 'postgres'));
      if (readFileSync(`/proc/${server}/cmdline`, 'utf8').includes(cluster)) process.kill(server, 'SIGQUIT');
    } catch {
      // No server is left.
    }
    removeData(data_dir);
  }
}

/** With what a link leads to, where the cluster could not stay in the folder itself. */
function removeData(data_dir: string): void {
  const options = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
  const cluster = join(data_dir, 'postgres');
  if (existsSync(cluster)) rmSync(realpathSync(cluster), options);
  rmSync(data_dir, options);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
