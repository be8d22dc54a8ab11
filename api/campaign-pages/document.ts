/** A version of a page as one HTML document: no script but the tracker, one style sheet inside. */
import type { Json, Lang, Pair, Row } from '../contract.ts';
import { dayIn, type Programme } from '../programme.ts';
import type { Block, Shown } from './block-kind.ts';
import { BLOCK_KINDS } from './block-kinds.ts';
import { Html, html } from './html.ts';
import { isAccent, STYLE } from './style.ts';

/** What of a version is shown. */
export interface PageContent {
  title: string;
  title_en: string;
  summary: string | null;
  summary_en: string | null;
  accent: string;
  blocks: readonly Block[];
}

export interface PageSetting {
  lang: Lang;
  programme: Programme;
  /** What each block is about, and what of it is the visitor's, by the block's code. */
  facts: ReadonlyMap<string, unknown>;
  own?: ReadonlyMap<string, unknown>;
  /** The address of the page, for its links to itself. */
  address: string;
  /** What follows `?` in every link to the page itself: the visitor's token, so that they stay known. */
  keep?: string;
  /** Where forms go and what they carry, by the block's code; only for visitors who are known. */
  form?: (code: string) => Shown<unknown, unknown>['form'];
  said?: { code: string; refusal: Pair };
  /** The tracker and whom it measures; null: nothing is measured. */
  tracker: { page: string; version: number; sample_rate: string; customer?: string } | null;
  /** Said at the top of what is not public. */
  banner?: Pair;
}

const WORDS = {
  other: ['English', '中文'],
} as const;

export function renderPage(content: PageContent, setting: PageSetting): Html {
  const { lang, programme, tracker } = setting;
  const tell = ([zh, en]: Pair) => (lang === 'en' ? en : zh);
  const title = tell([content.title, content.title_en || content.title]);
  const summary = tell([content.summary ?? '', content.summary_en ?? content.summary ?? '']);
  const sections = content.blocks.map((block, at) => section(block, at === 0, setting));
  const name = tell(programme.programme_name);
  const other = lang === 'en' ? 'zh' : 'en';
  const to_other = `${setting.address}?${setting.keep ? `${setting.keep}&` : ''}lang=${other}`;
  return html`<!doctype html>
<html lang="${lang === 'en' ? 'en' : 'zh-CN'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title>
${summary && html`<meta name="description" content="${summary}">`}
<meta name="color-scheme" content="light">
<style>${new Html(STYLE)}</style>
${
  tracker &&
  html`<script src="/t.js" async data-page="${tracker.page}" data-version="${tracker.version}"${
    Number(tracker.sample_rate) < 1 && html` data-sample="${Number(tracker.sample_rate)}"`
  }${tracker.customer && html` data-customer="${tracker.customer}"`}></script>`
}
</head>
<body class="a-${isAccent(content.accent) ? content.accent : 'green'}">
${setting.banner && html`<p class="note" role="status">${tell(setting.banner)}</p>`}
<header data-hm="header"><p>${name}</p><a href="${to_other}" hreflang="${other === 'en' ? 'en' : 'zh-CN'}" lang="${other === 'en' ? 'en' : 'zh-CN'}" data-hm="header.lang">${tell(WORDS.other)}</a></header>
<main>
${sections}
</main>
<footer data-hm="footer"><p>© ${name}</p></footer>
</body>
</html>
`;
}

function section(block: Block, first: boolean, setting: PageSetting): Html {
  const kind = BLOCK_KINDS.get(block.kind);
  if (!kind) return html``;
  const { lang, programme, facts, own, form, said } = setting;
  const parts = kind.parts(block);
  const heading_id = `${block.code}-heading`;
  let headed = false;
  const shown: Shown<unknown, unknown> = {
    block,
    facts: facts.get(block.code) ?? null,
    own: own?.get(block.code) ?? null,
    lang,
    say: (field) => text((lang === 'en' ? block[`${field}_en`] : null) ?? block[field]),
    tell: ([zh, en]) => (lang === 'en' ? en : zh),
    hm: (part) => {
      if (part !== undefined && !Object.hasOwn(parts, part))
        throw new Error(`api/page-blocks/${block.kind}.ts: "${part}" is not among its parts.`);
      return html` data-hm="${part === undefined ? block.code : `${block.code}.${part}`}"`;
    },
    heading: (words) => {
      headed = true;
      return first ? html`<h1 id="${heading_id}">${words}</h1>` : html`<h2 id="${heading_id}">${words}</h2>`;
    },
    money: (amount) => formatMoney(amount, programme.currency, lang),
    count: (amount) => new Intl.NumberFormat(lang === 'en' ? 'en' : 'zh-CN').format(Number(amount)),
    day: (time) => dayIn(programme.time_zone, new Date(String(time))),
    form: form?.(block.code) ?? null,
    said: said?.code === block.code ? said.refusal : null,
  };
  const inside = kind.render(shown);
  return html`<section id="${block.code}" class="k-${block.kind}" data-hm="${block.code}"${
    headed && html` aria-labelledby="${heading_id}"`
  }><div class="in">${inside}</div></section>
`;
}

const text = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value));

function formatMoney(amount: Json, currency: string, lang: Lang): string {
  const formatted = new Intl.NumberFormat(lang === 'en' ? 'en' : 'zh-CN', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
  });
  return formatted.format(Number(amount));
}

/** What carries a data-hm id in the page, with what it is called: the block by its kind and heading, its parts by their names. */
export function elementsOf(content: Pick<PageContent, 'blocks'>): { id: string; label: string; label_en: string }[] {
  const named = (id: string, [label, label_en]: Pair) => ({ id, label, label_en });
  return [
    named('header', ['页头', 'Header']),
    named('header.lang', ['页头 · 语言切换', 'Header · language']),
    ...content.blocks.flatMap((block) => {
      const kind = BLOCK_KINDS.get(block.kind);
      if (!kind) return [];
      const title: Row = block;
      const own: Pair = [text(title.title), text(title.title_en) || text(title.title)];
      const called: Pair = own[0] ? [`${kind.label[0]}「${own[0]}」`, `${kind.label[1]} “${own[1]}”`] : kind.label;
      return [
        named(block.code, called),
        ...Object.entries(kind.parts(block)).map(([part, label]) =>
          named(`${block.code}.${part}`, [`${called[0]} · ${label[0]}`, `${called[1]} · ${label[1]}`]),
        ),
      ];
    }),
    named('footer', ['页脚', 'Footer']),
  ];
}
