/** An import as the mapping screen does it: upload, correct the mapping, check, run. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../api/config.ts';
import type { ImportMapping, ImportMode, ImportStatus } from '../../api/contract.ts';
import { importDone } from '../../api/import/run.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

export const DATA = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

export interface ImportBench {
  t: TestDatabase;
  app: TestApp;
  upload(
    resource: string,
    file: string | Uint8Array,
    options?: { as?: Person; file_name?: string },
  ): Promise<ImportStatus>;
  /** Answers when it is over. */
  go(id: number, step: 'check' | 'run', as?: Person): Promise<ImportStatus>;
  patch(id: number, change: { mapping?: ImportMapping; mode?: ImportMode }): Promise<ImportStatus>;
  status(id: number): Promise<ImportStatus>;
  errorsFile(id: number): Promise<string>;
  close(): Promise<void>;
}

export async function importBench(
  settings: Partial<Config> = {},
  database: { demo?: boolean } = {},
): Promise<ImportBench> {
  const t = await testDatabase(database);
  const data_dir = await mkdtemp(join(tmpdir(), 'evergreen-imports-'));
  const app = await testApp({ ...t, config: { ...t.config, ...settings, data_dir } });
  const ask = app.as('pii');
  const expectStatus = async (response: Response, ...statuses: number[]) => {
    if (!statuses.includes(response.status)) throw new Error(`${response.status}: ${await response.text()}`);
    return response;
  };
  const json = async (response: Response) => (await response.json()) as ImportStatus;
  const status = async (id: number, as: Person = 'pii') =>
    json(await expectStatus(await app.as(as)('GET', `/api/_imports/${id}`), 200));
  return {
    t,
    app,
    status,
    upload: async (resource, file, { as = 'pii', file_name = 'file.csv' } = {}) => {
      const path = `/api/${resource}/_import?file_name=${encodeURIComponent(file_name)}`;
      const headers = { 'content-type': 'application/octet-stream' };
      return json(await expectStatus(await app.as(as)('POST', path, file, headers), 201));
    },
    patch: async (id, change) => json(await expectStatus(await ask('PATCH', `/api/_imports/${id}`, change), 200)),
    go: async (id, step, as = 'pii') => {
      await expectStatus(await app.as(as)('POST', `/api/_imports/${id}/_${step}`), 202);
      await importDone(app.deps, id);
      return status(id, as);
    },
    errorsFile: async (id) => (await expectStatus(await ask('GET', `/api/_imports/${id}/errors.csv`), 200)).text(),
    close: async () => {
      await t.close();
      await rm(data_dir, { recursive: true, force: true });
    },
  };
}

export function dataFile(name: string): Promise<Uint8Array> {
  return readFile(join(DATA, name));
}
