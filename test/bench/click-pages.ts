/** Pages that clicks are measured on: empty, or with the events of a month in store. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import type { DB } from '../../api/schema.ts';

export const DAYS = 30;
export const ELEMENTS = [
  'hero',
  'hero.action',
  'points',
  'points.action',
  'task.progress',
  'coupon',
  'coupon.claim',
  'goods',
];
const EVENTS_OF_VISIT = 10;
const STORE = readFileSync(join(import.meta.dirname, 'click-store.sql'), 'utf8');

export interface ClickedPage {
  code: string;
  version: number;
  elements: number[];
}

/** The page with its one version, made where it is not there yet; a published version is never taken away again. */
export async function pageOf(owner: Kysely<DB>, code: string): Promise<ClickedPage> {
  await sql`
    with page as (
      insert into app.pages (code, name, name_en, status, sample_rate) values (${code}, 'b', 'b', 'active', 1)
      on conflict (code) do nothing returning id
    )
    insert into app.page_versions (page_id, number, state, published_at, elements)
    select id, 1, 'published', now(), ${JSON.stringify(ELEMENTS.map((id) => ({ id, label: id, label_en: id })))}::jsonb from page
  `.execute(owner);
  const { id: version } = await owner
    .selectFrom('app.page_versions')
    .innerJoin('app.pages', 'app.pages.id', 'app.page_versions.page_id')
    .select('app.page_versions.id')
    .where('app.pages.code', '=', code)
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ element_id: number }>`
    select element_id from ops.name_elements(${ELEMENTS.map(() => version)}::bigint[], ${ELEMENTS}::text[])
  `.execute(owner);
  return { code, version, elements: rows.map(({ element_id }) => element_id) };
}

export async function empty(owner: Kysely<DB>, { version }: ClickedPage): Promise<void> {
  await sql`delete from app.page_view where page_version_id = ${version}`.execute(owner);
  await sql`delete from app.page_event where page_version_id = ${version}`.execute(owner);
  await sql`truncate app.click_batches, app.dirty_click_days`.execute(owner);
}

/** A page whose events of the last days are in store and rolled up. */
export async function storeOf(
  owner: Kysely<DB>,
  { events, customers }: { events: number; customers: number },
): Promise<ClickedPage> {
  const page = await pageOf(owner, `bench_store_${events}`);
  const { version } = page;
  const { rows } = await sql<{ there: boolean }>`
    select exists (
      select from app.page_day, base.programme where page_version_id = ${version} and day = programme.today_on - 1
    ) as there
  `.execute(owner);
  if (rows[0]!.there) return page;
  console.log(`${events.toLocaleString('en')} events of a page …`);
  for (const table of [
    'page_view',
    'page_event',
    'page_day',
    'elem_day',
    'scroll_day',
    'cell_day',
    'cell_week',
    'elem_path_day',
  ])
    await sql`delete from ${sql.id('app', table)} where page_version_id = ${version}`.execute(owner);
  const visits = events / EVENTS_OF_VISIT;
  await sql
    .raw(STORE.replaceAll(/\$(\d)/g, (_, at) => String([version, visits, DAYS, visits, customers][at - 1])))
    .execute(owner);
  await sql`
    insert into app.dirty_click_days (page_version_id, day)
    select ${version}, programme.today_on - numbers.number from base.programme cross join generate_series(1, ${DAYS}::integer) as numbers (number)
  `.execute(owner);
  await sql`select ops.refresh_click_days()`.execute(owner);
  await sql`select ops.refresh_click_history(programme.today_on) from base.programme`.execute(owner);
  await sql`vacuum (analyze) app.page_view, app.page_event, app.page_day, app.elem_day, app.scroll_day, app.cell_week`.execute(
    owner,
  );
  return page;
}
