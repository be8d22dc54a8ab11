/** How pages were used in a month, beside the month before: worked out in schema report, put together here. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Pair } from '../contract.ts';
import type { Difference, PageChanges, RateChange } from '../contract-clicks.ts';
import type { RetrospectiveFigure } from '../contract-written.ts';
import { type NamedRow, namedRows, pairOf, textOf } from './named-rows.ts';
import { ask } from './sandboxed.ts';

const PAGES_MAX = 6;
const ELEMENTS_MAX = 8;
const PATHS_MAX = 5;
/** To be raised when the changes of pages are worked out otherwise. */
const PAGES_VERSION = 'page_changes 1';

/** @param asked.month_on first day of the month */
export async function pageChanges(
  deps: Deps,
  { month_on, time_zone }: { month_on: string; time_zone: string },
): Promise<PageChanges> {
  const rowsOf = async (name: 'page_changes' | 'element_changes' | 'path_changes', most: number) => {
    const changes = sql<object>`${sql.id('report', name)}(${month_on}::date)`.as('changes');
    const all = deps.db.selectFrom(changes).selectAll('changes');
    const query =
      name === 'page_changes'
        ? all.orderBy(sql`changes.visits`, 'desc').orderBy(sql`changes.page_code`).limit(most)
        : all.where(sql<number>`changes.place`, '<=', most).orderBy(sql`changes.page_code`).orderBy(sql`changes.place`);
    return namedRows(await ask(deps, query, time_zone));
  };
  const pages = await rowsOf('page_changes', PAGES_MAX);
  const elements = Map.groupBy(await rowsOf('element_changes', ELEMENTS_MAX), (row) => row.page_code);
  const paths = Map.groupBy(await rowsOf('path_changes', PATHS_MAX), (row) => row.page_code);
  return {
    pages: pages.map((row) => ({
      ...{ code: String(row.page_code), name: pairOf(row, 'page_name') },
      ...{ visits: Number(row.visits), before_visits: Number(row.before_visits), clicks: Number(row.clicks) },
      ...{ claims: Number(row.claims), before_claims: Number(row.before_claims) },
      click_rate: {
        ...changeOf(row, 'click_rate'),
        ...{ low: textOf(row.click_rate_low), high: textOf(row.click_rate_high) },
      },
      ...{ rage_rate: changeOf(row, 'rage_rate'), dead_rate: changeOf(row, 'dead_rate') },
      ...{ half_rate: changeOf(row, 'half_rate'), end_rate: changeOf(row, 'end_rate') },
      elements: (elements.get(row.page_code!) ?? []).map((each) => ({
        ...{ element: String(each.element), label: pairOf(each, 'element_label'), clicks: Number(each.clicks) },
        click_rate: {
          ...changeOf(each, 'click_rate'),
          ...{ low: String(each.click_rate_low), high: String(each.click_rate_high) },
        },
        difference: each.difference === null ? null : differenceOf(each),
        ...{ rage_rate: textOf(each.rage_rate), dead_rate: textOf(each.dead_rate) },
      })),
      paths: (paths.get(row.page_code!) ?? []).map((each) => ({
        ...{ from: namedOf(each, 'from_label'), to: namedOf(each, 'to_label') },
        ...{ share: changeOf(each, 'share'), difference: differenceOf(each) },
      })),
    })),
  };
}

/** Those by which two writings of a month are compared, and that comments may be about. */
export function pageFigures({ pages }: PageChanges, month_on: string): RetrospectiveFigure[] {
  return pages.flatMap(({ code, name, click_rate, rage_rate, dead_rate, half_rate }) =>
    (
      [
        ['click_rate', click_rate, ['点击率', 'click rate']],
        ['rage_rate', rage_rate, ['愤怒点击率', 'rage click rate']],
        ['dead_rate', dead_rate, ['无效点击率', 'dead click rate']],
        ['half_rate', half_rate, ['看到一半的访问', 'visits that saw half']],
      ] as const
    ).flatMap(([of, { after }, [zh, en]]): RetrospectiveFigure[] =>
      after === null
        ? []
        : [
            {
              ...{
                id: `pages/${code}/${of}/${month_on}`,
                chapter: 'pages',
                step: month_on,
                unit: 'rate',
                value: after,
              },
              ...{ label: [`${name[0]}：${zh}`, `${name[1]}: ${en}`], definition: PAGES_VERSION },
            },
          ],
    ),
  );
}

function changeOf(row: NamedRow, name: string): RateChange {
  return { before: textOf(row[`before_${name}`]), after: textOf(row[name]) };
}

function differenceOf(row: NamedRow): Difference {
  return { value: String(row.difference), low: String(row.difference_low), high: String(row.difference_high) };
}

const namedOf = (row: NamedRow, name: string): Pair | null => (row[name] === null ? null : pairOf(row, name));
