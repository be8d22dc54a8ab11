/** Heatmaps of pages: what was clicked, where, how far was scrolled, what to change; two versions or periods beside each other. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import { renderPage } from '../campaign-pages/document.ts';
import { html } from '../campaign-pages/html.ts';
import { factsOf, readVersion } from '../campaign-pages/store.ts';
import { clickComparison, clickElements, clickHints, clickMap, clickPages } from '../clicks/heatmap.ts';
import { CLICK_ROLES, findVersion, readClickQuery, readPeriod, readTops } from '../clicks/heatmap-query.ts';
import { scriptTag } from '../clicks/script-tag.ts';
import type { Deps, Env } from '../context.ts';
import type { Json, Lang } from '../contract.ts';
import type { ClickComparison, ClickHints, ClickMap, ClickPages, ClickPicture } from '../contract-clicks.ts';
import { problem } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { toCsv } from '../report/csv.ts';
import { badParameter } from '../report/run.ts';
import { checkReader } from './written-reports.ts';

const HEADER = [
  [
    '元素',
    '名称',
    '页面浏览',
    '页面访问',
    '点击',
    '点击访问',
    '点击率',
    '区间下限',
    '区间上限',
    '占全部点击',
    '愤怒点击率',
    '无效点击率',
  ],
  [
    ...['Element', 'Name', 'Page views', 'Page visits', 'Clicks', 'Visits that clicked', 'Click rate', 'Lower bound'],
    ...['Upper bound', 'Share of clicks', 'Rage rate', 'Dead rate'],
  ],
] as const;

export function clicksRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  app.use('/api/_clicks/*', async (c, next) => {
    checkReader(c, CLICK_ROLES, ['没有权限查看点击热力图', 'You may not see the heatmaps']);
    await next();
  });

  app.get('/api/_clicks/pages', async (c) => {
    const origin = deps.config.public_url ?? new URL(c.req.url).origin;
    return c.json((await clickPages(deps, (code) => scriptTag(origin, code))) satisfies ClickPages);
  });

  app.get('/api/_clicks/map', async (c) => {
    const query = await readClickQuery(deps, c.req.queries());
    return c.json((await clickMap(deps, query)) satisfies ClickMap);
  });

  app.get('/api/_clicks/hints', async (c) => {
    const query = await readClickQuery(deps, c.req.queries(), ['tops']);
    return c.json((await clickHints(deps, query, readTops(c.req.query('tops')))) satisfies ClickHints);
  });

  app.get('/api/_clicks/compare', async (c) => {
    const query = await readClickQuery(deps, c.req.queries(), ['with_version', 'with_period']);
    const { with_version, with_period } = c.req.query();
    const version = with_version ?? String(query.number);
    const other = await findVersion(deps, { page: query.page, version, name: 'with_version' });
    const period = with_period === undefined ? query : await readPeriod(deps, with_period, 'with_period');
    return c.json((await clickComparison(deps, query, { ...period, ...other })) satisfies ClickComparison);
  });

  // The version itself as visitors see it, or as a member does; of others' pages there is no picture.
  app.get('/api/_clicks/picture', async (c) => {
    const as = c.req.query('as') ?? 'visitor';
    if (as !== 'visitor' && as !== 'member') throw badParameter('as', ['应为 visitor 或 member', 'visitor or member']);
    const { page, version: number } = c.req.query();
    const { page_version_id } = await findVersion(deps, { page, version: number });
    const version = await readVersion(deps.db, { id: page_version_id });
    if (!version)
      throw problem(
        404,
        'not_found',
        {},
        { message: ['外部页面没有页面画面', 'There is no picture of a page of others'] },
      );
    const picture = renderPage(version, {
      lang: langOf(c),
      programme: await readProgramme(deps.db),
      facts: await factsOf(deps.db, version.blocks),
      address: '#',
      tracker: null,
      ...(as === 'member' ? { form: () => ({ action: '#', hidden: html`` }) } : {}),
    });
    return c.json({ html: picture.text } satisfies ClickPicture);
  });

  app.get('/api/_clicks/csv', async (c) => {
    const query = await readClickQuery(deps, c.req.queries());
    const at = langOf(c) === 'zh' ? 0 : 1;
    const rows = (await clickElements(deps, query)).map((each): Json[] => [
      ...[each.element, at === 0 ? each.label : each.label_en, each.view_count, each.page_visit_count],
      ...[each.click_count, each.visit_count, each.click_rate, each.click_rate_low, each.click_rate_high],
      ...[each.click_share, each.rage_rate, each.dead_rate],
    ]);
    const name = `${query.page} v${query.number} ${query.device} ${query.from_on}..${query.last_on}.csv`;
    c.header('content-type', 'text/csv; charset=utf-8');
    c.header('content-disposition', `attachment; filename="clicks.csv"; filename*=UTF-8''${encodeURIComponent(name)}`);
    return c.body(toCsv([...HEADER[at]], rows));
  });

  return app;
}

/** The language of the console, which a person may have switched a moment ago, counts before the account's. */
function langOf(c: Context<Env>): Lang {
  const asked = c.req.query('_lang');
  return asked === 'zh' || asked === 'en' ? asked : c.var.lang;
}
