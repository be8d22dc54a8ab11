/**
 * Clicks: what the collector takes and pages cost; the heatmap and its table over a month of five million events; what the days
 * cost to be rolled up.
 */
import { type Kysely, sql } from 'kysely';
import type { DB } from '../../api/schema.ts';
import { type ClickedPage, DAYS, empty, pageOf, storeOf } from './click-pages.ts';
import { count, line, ms } from './figures.ts';
import { openAsker, percentile } from './load.ts';
import { measureCollector, measurePages, weighTracker } from './measure-collector.ts';
import { timed } from './measure-database.ts';
import type { EngineFigure } from './measure-engine.ts';
import type { Setting } from './setting.ts';

const RUNS = 9;

/** @param options.events of one page, in store while its heatmap is asked for */
export async function measureClicks(
  setting: Setting,
  { events, customers }: { events: number; customers: number },
): Promise<EngineFigure[]> {
  const { owner } = setting;
  await sql`select ops.make_click_partitions(current_date - ${DAYS + 31}::integer)`.execute(owner);
  await sql`select ops.make_click_partitions(current_date)`.execute(owner);
  const collected = await pageOf(owner, 'bench_collected');
  await empty(owner, collected);
  const figures = [...(await measureCollector(setting, collected)), await measurePages(setting)];
  await empty(owner, collected);
  // The name holds its size: a store of another size is another page.
  const few = await storeOf(owner, { events: events / 10, customers });
  const before = await dayCost(owner, few);
  const many = await storeOf(owner, { events, customers });
  const after = { few: await dayCost(owner, few), many: await dayCost(owner, many) };
  figures.push(
    line(
      `a day rolled up, ${count(events / DAYS)} events, beside a day of a tenth of them`,
      `${(after.many / after.few).toFixed(1)} x (${ms(after.many)} / ${ms(after.few)})`,
      'about 10 x',
      after.many <= 12 * after.few,
    ),
    line(
      `a day of ${count(events / DAYS / 10)} events rolled up, with ten times as many of another page in store`,
      `${(after.few / before).toFixed(2)} x (${ms(after.few)} / ${ms(before)})`,
      '<= 1.2 x',
      after.few <= 1.2 * before,
    ),
    ...(await measureHeatmap(setting, many, events)),
    await weighTracker(setting),
  );
  return figures;
}

/** Milliseconds of making one day's rollups where there are none yet. */
async function dayCost(owner: Kysely<DB>, { version }: ClickedPage): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    for (const table of ['page_day', 'elem_day', 'scroll_day'])
      await sql`delete from ${sql.id('app', table)} using base.programme where page_version_id = ${version} and day = programme.today_on - 7`.execute(
        owner,
      );
    await sql`insert into app.dirty_click_days (page_version_id, day) select ${version}, today_on - 7 from base.programme`.execute(
      owner,
    );
    times.push(await timed(() => sql`select ops.refresh_click_days()`.execute(owner)));
  }
  await sql`truncate app.dirty_click_paths, app.dirty_click_weeks`.execute(owner);
  return percentile(times, 0.5);
}

async function measureHeatmap(
  { owner, port, cookie }: Setting,
  { code }: ClickedPage,
  events: number,
): Promise<EngineFigure[]> {
  const { rows } = await sql<{ from_on: string; to_on: string; segment: string | null }>`
    select
      programme.today_on - ${DAYS}::integer as from_on,
      programme.today_on - 1 as to_on,
      (
        select segment_rule_sets.code || '.' || segment_memberships.segment_code
        from app.segment_memberships
        inner join app.segment_rule_sets on segment_rule_sets.id = segment_memberships.rule_set_id
        where segment_memberships.left_on is null
        group by 1 order by count(*) desc limit 1
      ) as segment
    from base.programme
  `.execute(owner);
  const { from_on, to_on, segment } = rows[0]!;
  const asked = `page=${code}&version=1&device=phone&period=${from_on}..${to_on}`;
  const asker = openAsker(port);
  const time = async (path: string, runs = RUNS) => {
    const times: number[] = [];
    for (let run = -2; run < runs; run++) {
      const took = await timed(() => asker.ask({ method: 'GET', path: `/api/_clicks/${path}`, headers: { cookie } }));
      if (run >= 0) times.push(took);
    }
    return percentile(times, 0.5);
  };
  try {
    const held = `${count(events)} events of ${DAYS} days in store`;
    const map = await time(`map?${asked}`);
    const table = await time(`csv?${asked}`);
    const figures = [
      line(`heatmap of a page, ${held}`, ms(map), '< 300 ms', map < 300),
      line(`its element table, ${held}`, ms(table), '< 100 ms', table < 100),
      line('its suggestions', ms(await time(`hints?${asked}`)), '', null),
    ];
    if (segment !== null) {
      const [alone] = await Promise.allSettled([time(`map?${asked}&segment=${segment}`, 3)]);
      const took = alone.status === 'fulfilled' ? ms(alone.value) : 'not within its 15 s';
      figures.push(line('the heatmap of a segment, from single events', took, '', null));
    }
    return figures;
  } finally {
    asker.close();
  }
}
