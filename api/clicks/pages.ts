/** Which pages and versions are measured, kept in memory for seconds: there are few of them, and every batch asks. */
import type { Deps } from '../context.ts';
import type { ClickBatch } from './batch.ts';

/** What was published or retired is in force after at most so long. */
const FRESH_MS = 5_000;
/** Something unknown is looked for again, but no flood of it reads the database for each. */
const AGAIN_MS = 1_000;

export interface MeasuredVersion {
  page_version_id: number;
  code: string;
  version_number: number;
  /** From where its events may come beside our own address. */
  origins: readonly string[];
  sample_rate: number;
  published: boolean;
  /** External pages: at which addresses it is seen. */
  seen_at: RegExp | null;
}

/** base.collectable_pages: a view's columns may be null as far as the catalogue knows. */
interface Collectable extends Pick<MeasuredVersion, 'page_version_id' | 'code' | 'version_number' | 'origins'> {
  sample_rate: string;
  state: string;
  address_pattern: string | null;
}

export interface MeasuredPages {
  /** @returns undefined where no such page, or no such version of it, is measured */
  find(batch: Pick<ClickBatch, 'page' | 'version'>): Promise<MeasuredVersion | undefined>;
  /** Whether any page may be measured from there. */
  mayCome(origin: string): Promise<boolean>;
}

export function measuredPages({ db }: Pick<Deps, 'db'>): MeasuredPages {
  let versions: readonly MeasuredVersion[] = [];
  let read_at = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function atMost(age_ms: number): Promise<void> {
    if (performance.now() - read_at < age_ms) return;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function read(): Promise<void> {
    const rows = await db
      .selectFrom('base.collectable_pages')
      .select(['page_version_id', 'code', 'version_number', 'origins', 'sample_rate', 'state', 'address_pattern'])
      .orderBy('version_number', 'desc')
      .$castTo<Collectable>()
      .execute();
    versions = rows.map(({ sample_rate, state, address_pattern, ...row }) => ({
      ...row,
      sample_rate: Number(sample_rate),
      published: state === 'published',
      seen_at: address_pattern === null ? null : seenAt(address_pattern),
    }));
    read_at = performance.now();
  }

  async function search<T>(look: () => T | undefined): Promise<T | undefined> {
    await atMost(FRESH_MS);
    const found = look();
    if (found !== undefined) return found;
    await atMost(AGAIN_MS);
    return look();
  }

  return {
    find: ({ page, version }) =>
      search(() =>
        versions.find(
          (each) =>
            ('code' in page ? each.code === page.code : each.seen_at?.test(page.address)) &&
            (version === null ? each.published : each.version_number === version),
        ),
      ),
    mayCome: async (origin) =>
      (await search(() => versions.find(({ origins }) => origins.includes(origin)))) !== undefined,
  };
}

/** "*" is one part of a path; as the last one it is all that follows. */
export function seenAt(pattern: string): RegExp {
  const parts = pattern
    .replace(/\/$/, '')
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const open = parts.length > 1 && parts.at(-1) === '';
  const path = open ? `${parts.slice(0, -1).join('[^/]+')}.*` : `${parts.join('[^/]+')}/?`;
  return new RegExp(`^${path}$`);
}
