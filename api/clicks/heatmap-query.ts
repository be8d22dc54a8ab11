/** What a heatmap is asked: which version of which page, on what, when, of whom. Whatever does not fit is refused by its name. */
import type { Deps } from '../context.ts';
import type { Role } from '../contract.ts';
import { DEVICE_CLASSES, type DeviceClass } from '../contract-clicks.ts';
import { problem } from '../errors.ts';
import { readMoment } from '../programme.ts';
import { addDays, daysBetween, resolveRange } from '../report/dates.ts';
import { badParameter } from '../report/run.ts';
import { ELEMENT } from './batch.ts';

export const CLICK_ROLES: readonly Role[] = ['manager', 'analyst', 'operator', 'reviewer', 'viewer'];

const DAYS_MAX = 400;
const TOPS_MAX = 200;

export interface ClickQuery {
  page: string;
  number: number;
  page_version_id: number;
  device: DeviceClass;
  from_on: string;
  /** The day after the last. */
  until_on: string;
  last_on: string;
  /** <rule set>.<segment> */
  segment: string | null;
  tier: string | null;
}

type Asked = { [name: string]: string[] | undefined };

const NAMES = ['page', 'version', 'device', 'period', 'segment', 'tier'];

/**
 * @param more parameters that this question has beside these
 * @throws Problem 400 naming the parameter, 404
 */
export async function readClickQuery(deps: Deps, query: Asked, more: readonly string[] = []): Promise<ClickQuery> {
  for (const [name, values] of Object.entries(query)) {
    if (!NAMES.includes(name) && !more.includes(name) && name !== '_lang')
      throw badParameter(name.slice(0, 60), ['没有这个参数', 'there is no such parameter']);
    if (values && values.length > 1) throw badParameter(name, ['只能填一个', 'may be given once']);
  }
  const one = (name: string) => query[name]?.[0];
  const device = one('device') ?? 'phone';
  if (!isDevice(device)) throw badParameter('device', ['应为 phone、tablet 或 desktop', 'phone, tablet or desktop']);
  const found = await findVersion(deps, { page: one('page'), version: one('version') });
  const range = await readPeriod(deps, one('period') ?? 'last_28d', 'period');
  return { ...found, ...range, device, segment: code(query, 'segment'), tier: code(query, 'tier') };
}

/** @throws Problem 400, 404 */
export async function findVersion(
  deps: Deps,
  { page, version, name = 'version' }: { page: string | undefined; version: string | undefined; name?: string },
): Promise<Pick<ClickQuery, 'page' | 'number' | 'page_version_id'>> {
  if (page === undefined || !/^[a-z][a-z0-9_]{0,99}$/.test(page))
    throw badParameter('page', ['请填写页面编码', 'the code of a page']);
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version))
    throw badParameter(name, ['请填写版本号', 'the number of a version']);
  const found = await deps.db
    .selectFrom('app.page_versions')
    .innerJoin('app.pages', 'app.pages.id', 'app.page_versions.page_id')
    .select(['app.page_versions.id', 'app.page_versions.number'])
    .where('app.pages.code', '=', page)
    .where('app.page_versions.state', '<>', 'draft')
    .$if(version !== undefined, (versions) => versions.where('app.page_versions.number', '=', Number(version)))
    .orderBy((row) => row('app.page_versions.state', '=', 'published'), 'desc')
    .orderBy('app.page_versions.number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!found)
    throw problem(
      404,
      'not_found',
      {},
      { message: ['没有这个页面，或没有发布过这个版本', 'There is no such page, or no such version was published'] },
    );
  return { page, number: found.number, page_version_id: found.id };
}

/** @throws Problem 400 */
export async function readPeriod(
  deps: Deps,
  text: string,
  name: string,
): Promise<Pick<ClickQuery, 'from_on' | 'until_on' | 'last_on'>> {
  const { today } = await readMoment(deps.db, null);
  const range = text.length <= 60 ? resolveRange(text, today) : null;
  if (!range)
    throw badParameter(name, [
      '不是日期范围，例如 2026-01-01..2026-01-31 或 last_28d',
      'is a range of days such as 2026-01-01..2026-01-31 or last_28d',
    ]);
  if (daysBetween(range.from, range.to) > DAYS_MAX)
    throw badParameter(name, [`最长 ${DAYS_MAX} 天`, `at most ${DAYS_MAX} days`]);
  return { from_on: range.from, until_on: range.to, last_on: addDays(range.to, -1) };
}

/** Where elements begin on the page as it is drawn. @throws Problem 400 */
export function readTops(text: string | undefined): { elements: string[]; tops: number[] } {
  const tops = (text ?? '').split(',').filter(Boolean);
  const wrong = () =>
    badParameter('tops', [
      '写作 元素:位置，位置为页面高度的万分之几',
      'elements with where they begin, in ten-thousandths of the height: hero:0,coupon:4200',
    ]);
  if (tops.length > TOPS_MAX) throw badParameter('tops', [`最多 ${TOPS_MAX} 个`, `at most ${TOPS_MAX}`]);
  const read = tops.map((each) => {
    // Selectors hold colons too: the last one counts.
    const [, element = '', top = ''] = /^(.+):(\d{1,5})$/.exec(each) ?? [];
    if (!ELEMENT.test(element) || Number(top) > 10_000) throw wrong();
    return { element, top: Number(top) };
  });
  return { elements: read.map(({ element }) => element), tops: read.map(({ top }) => top) };
}

const isDevice = (text: string): text is DeviceClass => Object.hasOwn(DEVICE_CLASSES, text);

function code(query: Asked, name: string): string | null {
  const text = query[name]?.[0];
  if (text === undefined || text === '') return null;
  if (!/^[a-z][a-z0-9_]{0,99}(\.[a-z][a-z0-9_]{0,99})?$/.test(text))
    throw badParameter(name, ['请填写编码', 'is a code']);
  return text;
}
