/** The head of a page: what it is about, a picture, a button. */
import { blockKind } from '../campaign-pages/block-kind.ts';
import { action, heading, intro, line, picture, safeLink, safePicture } from '../campaign-pages/fields.ts';
import { html } from '../campaign-pages/html.ts';

export default blockKind({
  label: ['主视觉', 'Hero'],
  order: 10,
  fields: {
    ...line('kicker', ['眉题', 'Line above'], { max: 30 }),
    ...heading(),
    ...intro(),
    ...action(),
    ...picture(),
  },
  parts: () => ({ action: ['按钮', 'Button'], picture: ['图片', 'Picture'] }),
  render: ({ block, say, hm, heading: head }) => {
    const link = safeLink(block.action_link);
    const source = safePicture(block.picture);
    return html`<div class="hero-words">
${say('kicker') && html`<p class="kicker">${say('kicker')}</p>`}
${head(say('title'))}
${say('text') && html`<p class="lead">${say('text')}</p>`}
${link && say('action') && html`<a class="button" href="${link}"${hm('action')}>${say('action')}</a>`}
</div>${source && html`<img src="${source}" alt="${say('picture_alt')}" width="600" height="400"${hm('picture')}>`}`;
  },
});
