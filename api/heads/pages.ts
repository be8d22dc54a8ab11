/** The head of a page's record: how it went in the last four weeks, the way to its heatmap, and the script tag of a page of others. */
import { sql } from 'kysely';
import { CLICK_ROLES } from '../clicks/heatmap-query.ts';
import { scriptTag } from '../clicks/script-tag.ts';
import type { Deps } from '../context.ts';
import type { Head, HeadCard } from '../contract.ts';
import { f } from '../definition.ts';
import { standsFor } from '../records/access.ts';
import type { Reader } from '../records/query.ts';

interface Figures {
  code: string;
  kind: string;
  visits: number;
  clicks: number;
}

export async function head(deps: Deps, id: number, reader: Reader): Promise<Head> {
  const { rows } = await sql<Figures>`select * from ops.page_standing(${id}::bigint)`.execute(deps.db);
  const page = rows[0];
  if (!page) return { cards: [] };
  const cards: HeadCard[] = [];
  if (standsFor(reader.caller, CLICK_ROLES)) {
    const whole = f.integer({ label: ['访问', 'Visits'] });
    cards.push({
      name: 'clicks',
      label: ['近 28 天访问', 'Visits in 28 days'],
      main: { label: whole.label, field: whole, value: page.visits },
      facts: [
        { label: ['点击', 'Clicks'], field: f.integer({ label: ['点击', 'Clicks'] }), value: page.clicks },
        {
          label: ['点击热力图', 'Click heatmap'],
          text: ['查看', 'Open'],
          to: `/reports/heatmap?page=${encodeURIComponent(page.code)}`,
        },
      ],
    });
  }
  if (page.kind === 'external') {
    const origin = deps.config.public_url ?? `http://${deps.config.host}:${deps.config.port}`;
    const tag = scriptTag(origin, page.code);
    cards.push({
      name: 'script',
      label: ['统计脚本', 'Script tag'],
      main: { label: ['统计脚本', 'Script tag'], text: ['放进页面 <head>', 'Into the <head> of the page'] },
      facts: [{ label: ['代码', 'Tag'], text: [tag, tag] }],
    });
  }
  return { cards };
}
