/** Rollups of clicks: whatever was collected in whatever order, between whatever refreshes, they say what the single events say. */
import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import type { DB } from '../../api/schema.ts';
import { measuredPage, type PageMade, publishedVersion } from '../api/collecting.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

const RUNS = Number(process.env.RUNS ?? 12);
/** A Monday. */
const FIRST = '2026-03-02';
const AFTER = '2026-03-30';
const DEVICES = ['phone', 'tablet', 'desktop'] as const;

let t: TestDatabase;
let pages: PageMade[];
let versions: number[];
let elements: number[][];
beforeAll(async () => {
  t = await testDatabase();
  pages = [await measuredPage(t, 'spring'), await measuredPage(t, 'points'), await measuredPage(t, 'coupon')];
  versions = [...pages.map((each) => each.page_version_id), await publishedVersion(t, pages[0]!.page_id, 2)];
  const { rows } = await sql<{ page_version_id: number; element_id: number }>`
    select page_version_id, element_id from ops.name_elements(
      ${versions.flatMap((each) => [each, each, each])}::bigint[], ${versions.flatMap(() => ['hero', 'progress', 'coupon'])}::text[]
    )`.execute(t.db);
  elements = versions.map((each) => rows.filter((row) => row.page_version_id === each).map((row) => row.element_id));
});
afterAll(() => t?.close());
beforeEach(async () => {
  for (const table of [...RAW, ...ROLLUPS, ...QUEUES] as const) await t.owner.deleteFrom(`app.${table}`).execute();
});

const RAW = ['page_view', 'page_event', 'click_batches'] as const;
const ROLLUPS = [
  'page_day',
  'elem_day',
  'scroll_day',
  'cell_day',
  'cell_week',
  'page_path_day',
  'elem_path_day',
] as const;
/** Into how many parts each side of an element is cut. */
const GRIDS = [50, 20, 10];
const QUEUES = ['dirty_click_days', 'dirty_click_paths', 'dirty_click_weeks'] as const;

interface Seen {
  visit: number;
  version: number;
  device: number;
  bot: boolean;
  /** Of FIRST. */
  minute: number;
  kind: 'view' | 'click' | 'rage' | 'dead' | 'scroll';
  element: number;
  x: number | null;
  y: number;
}

const refreshDays = (db: Kysely<DB> = t.db) => sql`select ops.refresh_click_days()`.execute(db);
const refreshHistory = (as_of: string, db: Kysely<DB> = t.db) =>
  sql`select ops.refresh_click_history(${as_of}::date)`.execute(db);

let batch = 0;
/** As the collector stores them, each a batch of its own; received when the test says, since single events are of long ago. */
async function store(seen: readonly Seen[]): Promise<void> {
  const at = ({ minute }: Seen) => Date.parse(`${FIRST}T00:00:00+08:00`) + minute * 60_000;
  const views = seen.map((each, place) => ({ each, place: place + 1 })).filter(({ each }) => each.kind === 'view');
  const events = seen.map((each, place) => ({ each, place: place + 1 })).filter(({ each }) => each.kind !== 'view');
  const place = (each: Seen) => (each.kind === 'scroll' ? null : each.x);
  await sql`
    select ops.store_clicks(
      ${seen.map((each) => each.visit)}::bigint[], ${seen.map(() => ++batch)}::bigint[],
      ${seen.map((each) => versions[each.version]!)}::bigint[], ${seen.map(() => null)}::bigint[],
      ${seen.map((each) => DEVICES[each.device]!)}::text[], ${seen.map((each) => each.bot)}::boolean[],
      ${views.map((one) => one.place)}::integer[], ${views.map((one) => at(one.each))}::bigint[],
      ${events.map((one) => one.place)}::integer[], ${events.map((one) => at(one.each))}::bigint[],
      ${events.map((one) => one.each.kind)}::text[],
      ${events.map(({ each }) => (each.kind === 'scroll' ? null : elements[each.version]![each.element]!))}::integer[],
      ${events.map(({ each }) => place(each))}::smallint[],
      ${events.map(({ each }) => (each.kind === 'scroll' || each.x !== null ? each.y : null))}::smallint[]
    )`.execute(t.db);
  // As if they had come within a day of it.
  for (const table of ['page_view', 'page_event'] as const)
    await sql`
      update ${sql.table(`app.${table}`)} as it set received_on = (it.occurred_at at time zone 'UTC')::date + (it.visit_id % 2)::integer
      where it.received_on > '2026-06-01'`.execute(t.owner);
}

/** Counted here from the single rows, by other means than the rollups are. */
async function fromRaw(as_of: string): Promise<{ [rollup: string]: string[] }> {
  const { rows } = await sql<Raw>`
    select
      page_view.page_version_id as version, page_versions.page_id as page, page_view.visit_id as visit,
      page_view.device_class as device, 'view' as kind, null::integer as element, null::integer as x, null::integer as y,
      (page_view.occurred_at at time zone 'Asia/Shanghai')::date as day,
      date_trunc('week', page_view.occurred_at at time zone 'Asia/Shanghai')::date as week,
      extract(epoch from page_view.occurred_at)::bigint as at, page_view.bot
    from app.page_view inner join app.page_versions on page_versions.id = page_view.page_version_id
    union all
    select
      page_event.page_version_id, 0, page_event.visit_id, page_event.device_class, page_event.kind, page_event.element_id,
      page_event.x, page_event.y, (page_event.occurred_at at time zone 'Asia/Shanghai')::date,
      date_trunc('week', page_event.occurred_at at time zone 'Asia/Shanghai')::date,
      extract(epoch from page_event.occurred_at)::bigint, page_event.bot
    from app.page_event`.execute(t.owner);
  const people = rows.filter((row) => !row.bot);
  const grouped = (of: Raw[], by: (row: Raw) => unknown[]) => [...Map.groupBy(of, (row) => by(row).join(' '))];
  const visits = (of: Raw[]) => new Set(of.map((row) => row.visit)).size;
  const kinds = (of: Raw[]) => (kind: string) => of.filter((row) => row.kind === kind);
  const clicks = (of: Raw[]) => {
    const those = kinds(of);
    return [those('click').length, visits(those('click')), those('rage').length, those('dead').length].join(' ');
  };
  const counted = (paths: string[]) =>
    [...Map.groupBy(paths, (path) => path)].map(([path, of]) => `${path} ${of.length}`);
  /** Numbers in their order, the same again once, then 0; of more than five steps the last too. */
  const steps = (of: number[]) =>
    [...of.filter((one, at) => at === 0 || one !== of[at - 1]), 0].flatMap((one, at, all) =>
      at > 0 && (at <= 5 || at === all.length - 1) ? [`${Math.min(at, 6)} ${all[at - 1]} ${one}`] : [],
    );
  const paths = (each: { first: number; step: string }[]) =>
    [...Map.groupBy(each, ({ first, step }) => `${first}|${step}`)].map(
      ([, of]) => `${of[0]!.step} ${of.length} ${of[0]!.first}`,
    );
  const placed = people.filter((row) => row.element !== null && row.x !== null);
  const cell = (row: Raw, grid: number) => [row.x!, row.y!].map((at) => Math.floor((at * grid) / 10_000)).join(' ');
  /** A visit is of one day. */
  const dayClicks = (of: Raw[]) => {
    const visited = new Set(kinds(of)('click').map((row) => `${row.day} ${row.visit}`)).size;
    return clicks(of).replace(/^(\d+) \d+/, `$1 ${visited}`);
  };
  const inOrder = (of: Raw[], number: (row: Raw) => number) =>
    of.toSorted((one, other) => one.at - other.at || number(one) - number(other)).map(number);
  const over = people.filter((row) => row.day < as_of);
  return {
    page_day: grouped(kinds(rows)('view'), (row) => [row.version, row.day, row.device]).map(([key, of]) => {
      const real = of.filter((row) => !row.bot);
      return `${key} ${real.length} ${visits(real)} ${of.length - real.length}`;
    }),
    elem_day: grouped(
      people.filter((row) => row.element !== null),
      (row) => [row.version, row.day, row.device, row.element],
    ).map(([key, of]) => `${key} ${clicks(of)}`),
    scroll_day: counted(
      grouped(kinds(people)('scroll'), (row) => [row.version, row.day, row.device, row.visit]).map(([key, of]) => {
        const deepest = Math.max(...of.map((row) => row.y!));
        return `${key.split(' ').slice(0, 3).join(' ')} ${deepest === 9999 ? 10 : Math.floor(deepest / 1000)}`;
      }),
    ),
    cell_day: GRIDS.flatMap((grid) =>
      grouped(
        placed.filter((row) => row.day < as_of),
        (row) => [row.version, row.day, row.device, grid, row.element, cell(row, grid)],
      ).map(([key, of]) => `${key} ${clicks(of)}`),
    ),
    cell_week: GRIDS.flatMap((grid) =>
      grouped(
        placed.filter((row) => shift(row.week, 7) <= as_of),
        (row) => [row.version, row.week, row.device, row.element, cell(row, grid)],
      ).map(([key, of]) => `${key} ${dayClicks(of)} ${grid}`),
    ),
    page_path_day: paths(
      grouped(kinds(over)('view'), (row) => [row.day, row.visit]).flatMap(([, of]) => {
        const [first] = of.toSorted(
          (one, other) => one.at - other.at || one.page - other.page || (one.device < other.device ? -1 : 1),
        );
        return steps(inOrder(of, (row) => row.page)).map((step) => ({
          first: first!.page,
          step: `${first!.day} ${first!.device} ${step}`,
        }));
      }),
    ),
    elem_path_day: paths(
      grouped(
        over.filter((row) => row.kind === 'view' || row.kind === 'click'),
        (row) => [row.version, row.day, row.device, row.visit],
      ).flatMap(([key, of]) => {
        const clicked = inOrder(kinds(of)('click'), (row) => row.element!);
        return steps([0, ...clicked]).map((step) => ({
          first: clicked[0] ?? 0,
          step: `${key.split(' ').slice(0, 3).join(' ')} ${step}`,
        }));
      }),
    ),
  };
}
interface Raw {
  version: number;
  page: number;
  visit: number;
  device: string;
  kind: string;
  element: number | null;
  x: number | null;
  y: number | null;
  day: string;
  week: string;
  at: number;
  bot: boolean;
}

async function rollups(): Promise<{ [rollup: string]: string[] }> {
  const all: { [rollup: string]: string[] } = {};
  for (const table of ROLLUPS)
    all[table] = (await t.owner.selectFrom(`app.${table}`).selectAll().execute()).map((row) =>
      Object.values(row).join(' '),
    );
  return all;
}

async function agree(as_of: string): Promise<void> {
  const sorted = (all: { [rollup: string]: string[] }) =>
    Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, rows.toSorted()]));
  expect(sorted(await rollups())).toEqual(sorted(await fromRaw(as_of)));
}

function shift(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

const seen: fc.Arbitrary<Seen> = fc.record({
  visit: fc.integer({ min: 1, max: 6 }),
  version: fc.nat(3),
  device: fc.nat(2),
  bot: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  // Midnights and Mondays are where days are told apart.
  minute: fc.oneof(
    fc.integer({ min: 0, max: 20 * 1440 }),
    fc.constantFrom(0, 1439, 1440, 7 * 1440 - 1, 7 * 1440, 600, 601, 602),
  ),
  kind: fc.constantFrom('view', 'view', 'click', 'click', 'rage', 'dead', 'scroll'),
  element: fc.nat(2),
  x: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 99, 100, 150, 9999) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  y: fc.constantFrom(0, 99, 100, 4999, 9999),
});

describe('rollups', () => {
  test('say what single events say, in any order, however late, between any refreshes', async () => {
    const told = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(seen, { minLength: 1, maxLength: 25 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.constantFrom('days', 'history', 'none'), { minLength: 6, maxLength: 6 }),
        async (deliveries, refreshes) => {
          for (const table of [...RAW, ...ROLLUPS, ...QUEUES] as const)
            await t.owner.deleteFrom(`app.${table}`).execute();
          for (const [at, delivery] of deliveries.entries()) {
            await store(delivery);
            if (refreshes[at] !== 'none') await refreshDays();
            if (refreshes[at] === 'history') await refreshHistory('2026-03-12');
          }
          await refreshDays();
          await refreshHistory(AFTER);
          await agree(AFTER);
          for (const [name, rows] of Object.entries(await rollups())) if (rows.length > 0) told.add(name);
        },
      ),
      { numRuns: RUNS, seed: 7, endOnFailure: true },
    );
    expect([...told].sort()).toEqual([...ROLLUPS].sort());
  }, 120_000);

  const one: Seen = { visit: 1, version: 0, device: 0, bot: false, minute: 600, kind: 'view', element: 0, x: 5, y: 5 };
  const click: Seen = { ...one, kind: 'click', minute: 601 };

  test('a late event opens its day again, and no other', async () => {
    await store([one, click, { ...one, minute: 600 + 1440 }]);
    await refreshDays();
    await refreshHistory(AFTER);
    await store([{ ...click, visit: 2 }]);
    const dirty = await t.db.selectFrom('app.dirty_click_days').select(['page_version_id', 'day']).execute();
    expect(dirty).toEqual([{ page_version_id: versions[0], day: FIRST }]);
    const { rows } = await sql<{ written: number }>`select ops.refresh_click_days() as written`.execute(t.db);
    expect(rows).toEqual([{ written: 1 }]);
    await refreshHistory(AFTER);
    await agree(AFTER);
  });

  test('a refresh again writes nothing, nor does a job', async () => {
    await store([one, click]);
    const job = (name: string) => runJob(jobDeps(t), name, AFTER);
    expect(await job('refresh_click_days')).toMatchObject({ state: 'done', rows_written: 2 });
    expect(await job('refresh_click_days')).toMatchObject({ state: 'done', rows_written: 0 });
    expect(await job('refresh_click_history')).toMatchObject({ state: 'done' });
    expect(await job('refresh_click_history')).toMatchObject({ state: 'done', rows_written: 0 });
    await sql`insert into app.dirty_click_days (page_version_id, day) values (${versions[0]}, ${FIRST})`.execute(
      t.owner,
    );
    expect(await job('refresh_click_days')).toMatchObject({ state: 'done', rows_written: 0 });
    await agree(AFTER);
  });

  test('a day and a week are there for paths and cells once they are over', async () => {
    await store([one, click]);
    await refreshDays();
    await refreshHistory(FIRST);
    expect(await rollups()).toMatchObject({ elem_path_day: [], page_path_day: [], cell_day: [], cell_week: [] });
    await refreshHistory(shift(FIRST, 1));
    const next = await rollups();
    expect([next.elem_path_day!.length, next.page_path_day!.length]).toEqual([2, 1]);
    expect([next.cell_day!.length, next.cell_week!.length]).toEqual([3, 0]);
    await refreshHistory(shift(FIRST, 7));
    await agree(shift(FIRST, 7));
  });

  test('two workers take turns and come to the same', async () => {
    await store(
      Array.from({ length: 200 }, (_, at) => ({ ...click, visit: at % 7, version: at % 4, minute: at * 97 })),
    );
    await Promise.all(Array.from({ length: 4 }, () => refreshDays()));
    await Promise.all(Array.from({ length: 3 }, () => refreshHistory(AFTER)));
    await agree(AFTER);
  });

  test('a visit of many steps says how it began, five steps, and how it ended', async () => {
    const order = [0, 1, 0, 2, 1, 0, 2];
    await store([one, ...order.map((element, at) => ({ ...click, element, minute: 601 + at }))]);
    await refreshDays();
    await refreshHistory(AFTER);
    const rows = await t.owner.selectFrom('app.elem_path_day').selectAll().orderBy('step').execute();
    const at = (element: number) => elements[0]![element]!;
    expect(rows.map((row) => [row.step, row.from_element_id, row.to_element_id])).toEqual([
      [1, 0, at(0)],
      [2, at(0), at(1)],
      [3, at(1), at(0)],
      [4, at(0), at(2)],
      [5, at(2), at(1)],
      [6, at(2), 0],
    ]);
    expect(new Set(rows.map((row) => row.first_element_id))).toEqual(new Set([at(0)]));
  });

  test('reports name pages and elements, and hide cells of fewer than three visits', async () => {
    await store(
      [1, 2, 3].flatMap((visit) => [
        { ...one, visit },
        { ...click, visit },
      ]),
    );
    await store([{ ...click, visit: 1, x: 5000 }]);
    await refreshDays();
    await refreshHistory(AFTER);
    const { rows } = await t.report.query(
      'select seen_on, page_code, version_number, device_class, view_count, visit_count from report.page_days',
    );
    expect(rows).toEqual([
      { seen_on: FIRST, page_code: 'spring', version_number: 1, device_class: 'phone', view_count: 3, visit_count: 3 },
    ]);
    const { rows: by_element } = await t.report.query(
      'select element, view_count, click_count, visit_count from report.element_days',
    );
    expect(by_element).toEqual([{ element: 'hero', view_count: 3, click_count: 4, visit_count: 3 }]);
    const { rows: cells } = await t.report.query(
      'select grid, cell_x, cell_y, click_count from report.click_cell_weeks order by grid',
    );
    expect(cells).toEqual([10, 20, 50].map((grid) => ({ grid, cell_x: 0, cell_y: 0, click_count: 3 })));
    const { rows: paths } = await t.report.query(
      'select step, from_element, to_element, visit_count from report.element_path_days order by step',
    );
    expect(paths).toEqual([
      { step: 1, from_element: null, to_element: 'hero', visit_count: 3 },
      { step: 2, from_element: 'hero', to_element: null, visit_count: 3 },
    ]);
  });
});

describe('months', () => {
  const partitions = async () =>
    (
      await sql<{ name: string }>`
        select relname as name from pg_inherits inner join pg_class on pg_class.oid = inhrelid
        where inhparent in ('app.page_view'::regclass, 'app.page_event'::regclass) order by 1`.execute(t.owner)
    ).rows.map(({ name }) => name);
  const one: Seen = { visit: 2, version: 0, device: 1, bot: false, minute: 600, kind: 'view', element: 0, x: 5, y: 5 };
  const stored = async () =>
    (
      await sql<{
        n: number;
      }>`select (select count(*) from app.page_view) + (select count(*) from app.page_event) as n`.execute(t.owner)
    ).rows[0]!.n;

  test('are made ahead, take what came before them, and go when they are over and rolled up, with their rollups kept', async () => {
    await store([one, { ...one, kind: 'click' }, { ...one, minute: 40 * 1440 }]);
    expect(await partitions()).toEqual(['page_event_other', 'page_view_other']);
    expect((await sql<{ n: number }>`select ops.make_click_partitions('2026-03-05') as n`.execute(t.db)).rows).toEqual([
      { n: 8 },
    ]);
    expect((await sql<{ n: number }>`select ops.make_click_partitions('2026-03-05') as n`.execute(t.db)).rows).toEqual([
      { n: 0 },
    ]);
    expect(await partitions()).toContain('page_view_202606');
    expect(await stored()).toBe(3);
    const { rows } = await sql<{ n: number }>`select count(*)::integer as n from app.page_view_202603`.execute(t.owner);
    expect(rows).toEqual([{ n: 1 }]);

    const drop = async (before: string) =>
      (await sql<{ n: number }>`select ops.drop_click_partitions(${before}) as n`.execute(t.db)).rows[0]!.n;
    // Not before what it holds is rolled up.
    expect(await drop('2026-04-01')).toBe(0);
    await refreshDays();
    await refreshHistory('2026-07-01');
    const before = await rollups();
    expect(await drop('2026-03-31')).toBe(0);
    expect(await drop('2026-04-01')).toBe(2);
    expect(await stored()).toBe(1);
    await refreshDays();
    expect(await rollups()).toEqual(before);
    expect(await partitions()).not.toContain('page_view_202603');
  });

  test('and deliveries are looked after by a job', async () => {
    await sql`insert into app.click_batches (visit_id, batch_no, received_at) values (1, 1, '2026-09-01'), (1, 2, '2026-09-09')`.execute(
      t.owner,
    );
    expect(await runJob(jobDeps(t), 'click_upkeep', '2026-09-10')).toMatchObject({ state: 'done' });
    expect(await t.db.selectFrom('app.click_batches').select('batch_no').execute()).toEqual([{ batch_no: 2 }]);
    expect(await partitions()).toEqual(
      expect.arrayContaining(['page_event_202609', 'page_event_202612', 'page_view_202612']),
    );
  });
});
