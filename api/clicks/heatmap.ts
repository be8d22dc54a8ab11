/** The figures of a heatmap. Everything is worked out by routines of ops; here they are asked in one bounded, read-only transaction. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type {
  ClickComparison,
  ClickDepth,
  ClickDevice,
  ClickDifference,
  ClickElement,
  ClickHint,
  ClickHints,
  ClickMap,
  ClickPages,
  ClickPlaces,
} from '../contract-clicks.ts';
import { problem, retrying } from '../errors.ts';
import type { DB } from '../schema.ts';
import type { ClickQuery } from './heatmap-query.ts';

/** Of fewer customers than that nothing is said. */
const PEOPLE_MIN = 5;
const NOWHERE: ClickPlaces = { cells: [], shown_count: 0, hidden_count: 0, summed: false, known_from: null };

export async function clickMap(deps: Deps, query: ClickQuery): Promise<ClickMap> {
  const { page, number: version, device, from_on, last_on: to_on } = query;
  const head = { page, version, device, from_on, to_on };
  return reading(deps, async (trx) => {
    const { devices, too_few } = await readDevices(trx, query);
    if (too_few) return { ...head, too_few, devices: [], elements: [], scroll: [], places: NOWHERE };
    const elements = await readElements(trx, query);
    const { rows: scroll } = await sql<ClickDepth>`
      select * from ops.click_scroll(${version_(query)}, ${device}::text, ${people(query)})
    `.execute(trx);
    const { rows: places } = await sql<{ places: ClickPlaces }>`
      select ops.click_cells(${version_(query)}, ${device}::text, ${people(query)}) as places
    `.execute(trx);
    return { ...head, too_few, devices, elements, scroll, places: places[0]!.places };
  });
}

/** The table alone. */
export function clickElements(deps: Deps, query: ClickQuery): Promise<ClickElement[]> {
  return reading(deps, async (trx) => ((await readDevices(trx, query)).too_few ? [] : await readElements(trx, query)));
}

export function clickHints(
  deps: Deps,
  query: ClickQuery,
  { elements, tops }: { elements: string[]; tops: number[] },
): Promise<ClickHints> {
  return reading(deps, async (trx) => {
    if ((await readDevices(trx, query)).too_few) return { hints: [] };
    const { rows: hints } = await sql<ClickHint>`
      select * from ops.click_hints(
        ${version_(query)}, ${query.device}::text, ${people(query)}, ${elements}::text[], ${tops}::integer[]
      )
    `.execute(trx);
    return { hints };
  });
}

/** The first beside the other. */
export function clickComparison(
  deps: Deps,
  query: ClickQuery,
  other: Pick<ClickQuery, 'page_version_id' | 'from_on' | 'until_on'>,
): Promise<ClickComparison> {
  return reading(deps, async (trx) => {
    for (const each of [query, { ...query, ...other }])
      if ((await readDevices(trx, each)).too_few) return { elements: [] };
    const { rows: elements } = await sql<ClickDifference>`
      select * from ops.click_comparison(
        ${version_(query)}, ${version_(other)}, ${query.device}::text, ${people(query)}
      )
    `.execute(trx);
    return { elements };
  });
}

/** @param script makes the tag of a page of others */
export async function clickPages(deps: Deps, script: (code: string) => string): Promise<ClickPages> {
  const { db } = deps;
  const rows = await db
    .selectFrom('app.pages')
    .innerJoin('app.page_versions', 'app.page_versions.page_id', 'app.pages.id')
    .leftJoin('app.campaigns', 'app.campaigns.id', 'app.pages.campaign_id')
    .select(['app.pages.code', 'app.pages.name', 'app.pages.name_en', 'app.pages.kind'])
    .select(['app.campaigns.code as campaign', 'app.campaigns.name as campaign_name'])
    .select('app.campaigns.name_en as campaign_name_en')
    .select(['app.page_versions.number', 'app.page_versions.state', 'app.page_versions.note'])
    .select('app.page_versions.published_at')
    .where('app.page_versions.state', '<>', 'draft')
    .orderBy('app.pages.id')
    .orderBy('app.page_versions.number', 'desc')
    .execute();
  const pages = new Map<string, ClickPages['pages'][number]>();
  for (const { number, state, note, published_at, ...row } of rows) {
    const { code, name, name_en, campaign, campaign_name, campaign_name_en } = row;
    const page = pages.get(code) ?? {
      ...{ code, name: [name, name_en], kind: row.kind as 'own' | 'external', campaign, versions: [] },
      campaign_name: campaign_name === null ? null : [campaign_name, campaign_name_en ?? campaign_name],
      script: row.kind === 'external' ? script(code) : null,
    };
    page.versions.push({ number, state: state as 'published', note, published_at: published_at ?? '' });
    pages.set(code, page);
  }
  const segments = await db
    .selectFrom('base.segments')
    .innerJoin('app.segment_rule_sets', 'app.segment_rule_sets.id', 'base.segments.rule_set_id')
    .select(['app.segment_rule_sets.code', 'base.segments.segment_code', 'segment_name', 'segment_name_en'])
    .select(['app.segment_rule_sets.name', 'app.segment_rule_sets.name_en'])
    .where('base.segments.in_force', '=', true)
    .orderBy('app.segment_rule_sets.id')
    .orderBy('base.segments.position')
    .execute();
  const tiers = await db.selectFrom('app.tiers').select(['code', 'name', 'name_en']).orderBy('rank').execute();
  const { click_days } = await db.selectFrom('app.settings').select('click_days').executeTakeFirstOrThrow();
  return {
    pages: [...pages.values()],
    segments: segments.map((each) => ({
      value: `${each.code}.${each.segment_code}`,
      label: [`${each.name} · ${each.segment_name}`, `${each.name_en} · ${each.segment_name_en}`],
    })),
    tiers: tiers.map(({ code, name, name_en }) => ({ value: code, label: [name, name_en] })),
    kept_days: click_days,
  };
}

type Window = Pick<ClickQuery, 'page_version_id' | 'from_on' | 'until_on'>;
const version_ = ({ page_version_id, from_on, until_on }: Window) =>
  sql`${page_version_id}::bigint, ${from_on}::date, ${until_on}::date`;
const people = ({ segment, tier }: ClickQuery) => sql`${segment}::text, ${tier}::text`;

async function readDevices(trx: Kysely<DB>, query: ClickQuery): Promise<{ devices: ClickDevice[]; too_few: boolean }> {
  const { rows } = await sql<ClickDevice & { known_count: number | null }>`
    select * from ops.click_devices(${version_(query)}, ${people(query)})
  `.execute(trx);
  const of_people = query.segment !== null || query.tier !== null;
  const here = rows.find(({ device_class }) => device_class === query.device);
  const devices = rows.map(({ known_count: _, ...device }) => device);
  return { devices, too_few: of_people && (here?.known_count ?? 0) < PEOPLE_MIN };
}

async function readElements(trx: Kysely<DB>, query: ClickQuery): Promise<ClickElement[]> {
  const { rows } = await sql<ClickElement>`
    select * from ops.click_elements(${version_(query)}, ${query.device}::text, ${people(query)})
  `.execute(trx);
  return rows;
}

/** Single clicks of a page that very many visit, for a segment or a tier. */
function tooLong(error: unknown): never {
  if ((error as { code?: string }).code !== '57014') throw error;
  throw problem(504, 'too_many_clicks');
}

function reading<T>({ db }: Deps, work: (trx: Kysely<DB>) => Promise<T>): Promise<T> {
  return retrying(() =>
    db
      .transaction()
      .setAccessMode('read only')
      .execute(async (trx) => {
        await sql`set local statement_timeout = '15s'`.execute(trx);
        return work(trx).catch(tooLong);
      }),
  );
}
