/** Reaches the database as its owner without changing it: the embedded server (started or joined) or DATABASE_URL. */
import type { Config } from '../config.ts';
import { embeddedDatabase } from '../database.ts';
import { startCluster } from './embedded.ts';

export interface OwnerAccess {
  owner_url: string;
  /** Stops the embedded server when nobody else runs it. */
  close(): Promise<void>;
}

/** @throws StartError */
export async function reachOwner(config: Config, say: (line: string) => void): Promise<OwnerAccess> {
  if (config.database_url) return { owner_url: config.database_url, close: async () => {} };
  const cluster = await startCluster({ data_dir: config.data_dir, say });
  return { owner_url: await embeddedDatabase(cluster.url), close: cluster.stop };
}
