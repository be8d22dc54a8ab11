/** Words with headings, lists and links. */
import { blockKind } from '../campaign-pages/block-kind.ts';
import { heading, lines } from '../campaign-pages/fields.ts';
import { html } from '../campaign-pages/html.ts';
import { countLinks, richText } from '../campaign-pages/rich-text.ts';

const LINKS_MAX = 50;

export default blockKind({
  label: ['图文', 'Rich text'],
  order: 60,
  fields: {
    ...heading(),
    ...lines('body', ['正文', 'Text'], {
      max: 5000,
      required: true,
      help: [
        '空行分段，“## ”小标题，“- ”列表，**加粗**，[文字](https://…)',
        'An empty line parts paragraphs; “## ” heads, “- ” lists, **bold**, [words](https://…)',
      ],
    }),
  },
  parts: ({ body, body_en }) => {
    const count = Math.max(countLinks(String(body ?? '')), countLinks(String(body_en ?? '')));
    return Object.fromEntries(
      Array.from({ length: Math.min(count, LINKS_MAX) }, (_, at) => [
        `link_${at + 1}`,
        [`链接 ${at + 1}`, `Link ${at + 1}`] as const,
      ]),
    );
  },
  render: ({ say, hm, heading: head }) =>
    html`${say('title') && head(say('title'))}
<div class="prose">${richText(say('body'), (at) => (at < LINKS_MAX ? hm(`link_${at + 1}`) : html``))}</div>`,
});
