/** Figures that say why one may trust the programme, each with what it is. */
import { blockKind } from '../campaign-pages/block-kind.ts';
import { heading, line, listIn } from '../campaign-pages/fields.ts';
import { html } from '../campaign-pages/html.ts';
import type { Row } from '../contract.ts';
import { f } from '../definition.ts';

export default blockKind({
  label: ['信任数据', 'Trust figures'],
  order: 80,
  fields: {
    ...heading(),
    figures: f.items({
      label: ['数据', 'Figures'],
      required: true,
      max: 6,
      default: [],
      fields: {
        ...line('value', ['数值', 'Figure'], { max: 20, required: true }),
        ...line('label', ['含义', 'What it is'], { max: 40, required: true }),
      },
    }),
    ...line('source', ['数据来源', 'Source'], { max: 120 }),
  },
  parts: ({ figures }) =>
    Object.fromEntries(
      listIn<Row>(figures).map(({ label, label_en }, at) => [
        `figure_${at + 1}`,
        [String(label ?? ''), String(label_en ?? label ?? '')] as const,
      ]),
    ),
  render: ({ block, lang, say, hm, heading: head }) => {
    const of = (row: Row, name: string) => String((lang === 'en' ? row[`${name}_en`] : null) ?? row[name] ?? '');
    return html`${say('title') && head(say('title'))}
<dl class="figures">${listIn<Row>(block.figures).map(
      (row, at) => html`<div${hm(`figure_${at + 1}`)}><dt>${of(row, 'label')}</dt><dd>${of(row, 'value')}</dd></div>`,
    )}</dl>
${say('source') && html`<p class="small">${say('source')}</p>`}`;
  },
});
