/**
 * The closed small markup of rich text: paragraphs, "## " headings, "- " lists, **bold** and [words](link). What is none of
 * these is text. Html is never read, so there is nothing to clean.
 */
import { safeLink } from './fields.ts';
import { Html, html } from './html.ts';

/** @param link gives the attributes of the n-th link, counted from 0 */
export function richText(text: string, link: (at: number) => Html = () => html``): Html {
  const links = { at: 0, attributes: link };
  const blocks = text.split(/\n\s*\n/).map((block) => block.trim());
  return html`${blocks.filter(Boolean).map((block) => blockHtml(block, links))}`;
}

interface Links {
  at: number;
  attributes: (at: number) => Html;
}

function blockHtml(block: string, links: Links): Html {
  const rows = block.split('\n').map((row) => row.trim());
  if (rows.length === 1 && rows[0]!.startsWith('## ')) return html`<h3>${inline(rows[0]!.slice(3), links)}</h3>`;
  if (rows.every((row) => row.startsWith('- ')))
    return html`<ul>${rows.map((row) => html`<li>${inline(row.slice(2), links)}</li>`)}</ul>`;
  // A heading may stand straight above its text.
  if (rows[0]!.startsWith('## '))
    return html`${blockHtml(rows[0]!, links)}${blockHtml(rows.slice(1).join('\n'), links)}`;
  return html`<p>${rows.map((row, at) => html`${at > 0 ? html`<br>` : ''}${inline(row, links)}`)}</p>`;
}

/** Neither pattern can take longer than the text is long: what they stop at cannot be inside them. */
const MARKS = /\*\*([^*]+)\*\*|\[([^\][]+)\]\(([^()\s]+)\)/g;

function inline(text: string, links: Links): Html {
  const parts: Html[] = [];
  let from = 0;
  for (const found of text.matchAll(MARKS)) {
    const [whole, bold, words, to] = found;
    parts.push(html`${text.slice(from, found.index)}`);
    from = found.index + whole.length;
    const address = to === undefined ? null : safeLink(to);
    if (bold !== undefined) parts.push(html`<strong>${bold}</strong>`);
    else if (address === null) parts.push(html`${whole}`);
    else parts.push(html`<a href="${address}"${links.attributes(links.at++)}>${words}</a>`);
  }
  return html`${parts}${text.slice(from)}`;
}

/** How many links there are, to tell them apart. */
export function countLinks(text: string): number {
  let count = 0;
  richText(text, () => {
    count += 1;
    return new Html('');
  });
  return count;
}
