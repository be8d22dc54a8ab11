/** How a version looks with what is typed: the page itself, in both languages, as a visitor whom nobody knows sees it. */
import { gzipSync } from 'node:zlib';
import { renderPage } from '../campaign-pages/document.ts';
import { blocksIn, factsOf } from '../campaign-pages/store.ts';
import type { Deps } from '../context.ts';
import type { Impact, Lang, Row } from '../contract.ts';
import { readProgramme } from '../programme.ts';

/** What the page weighs on its way, beyond which it is no longer quick on a telephone. */
const GZIP_MAX = 15_000;

export async function impact(deps: Deps, { values }: { values: Row }): Promise<Impact> {
  const started = performance.now();
  const blocks = blocksIn(values.blocks);
  const facts = await factsOf(deps.db, blocks);
  const programme = await readProgramme(deps.db);
  const words = (name: string) => (values[name] ?? null) as string | null;
  const content = {
    ...{ title: words('title') ?? '', title_en: words('title_en') ?? '', accent: words('accent') ?? 'green' },
    ...{ summary: words('summary'), summary_en: words('summary_en'), blocks },
  };
  const page = (lang: Lang) => renderPage(content, { lang, programme, facts, address: '#', tracker: null }).text;
  const pages = { zh: page('zh'), en: page('en') };
  return {
    lines: [...heads(blocks.length, values), ...weight(pages.zh)],
    tables: [],
    page: pages,
    took_ms: Math.round(performance.now() - started),
  };
}

function heads(count: number, values: Row): Impact['lines'] {
  if (count === 0) return [{ tone: 'info', text: ['添加区块后在此显示', 'Blocks are shown here as they are added'] }];
  const missing = ((values.blocks ?? []) as Row[]).filter((block) =>
    Object.keys(block).some((name) => name.endsWith('_en') && block[name.slice(0, -3)] && !block[name]),
  ).length;
  if (missing === 0) return [];
  return [
    {
      tone: 'info',
      text: [
        `${missing} 个区块缺英文，英文页显示中文`,
        `${missing} blocks lack English words; the Chinese ones are shown`,
      ],
    },
  ];
}

function weight(page: string): Impact['lines'] {
  const bytes = gzipSync(page).length;
  if (bytes <= GZIP_MAX) return [];
  const size = (bytes / 1000).toFixed(1);
  return [
    {
      tone: 'warning',
      text: [
        `页面压缩后 ${size} kB，超过 15 kB 会变慢`,
        `The page weighs ${size} kB compressed; above 15 kB it is slow`,
      ],
    },
  ];
}
