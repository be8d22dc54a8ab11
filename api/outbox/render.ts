/** What a message says: the text of its template, with variables put in and addresses made short. */
import type { Json } from '../contract.ts';

export type Values = { readonly [name: string]: Json | undefined };
export interface Text {
  subject: string | null;
  body: string;
}
/** Same as ops.template_placeholders: what templates were checked with when they were saved. */
const PLACEHOLDER = /\{\{\s*(link:[^{}|]*[^{}|\s]|[a-z][a-z0-9_]*)\s*(\|[^{}]*)?\}\}/g;

/**
 * @param shorten the address that stands for a link; asked once for each, in order
 * @returns the text with what is known; an empty variable is what the template says otherwise
 */
export function render(text: Text, values: Values, shorten: (url: string, position: number) => string): Text {
  let links = 0;
  const fill = (words: string) =>
    words.replace(PLACEHOLDER, (_, what: string, otherwise: string | undefined) => {
      const said = otherwise?.slice(1).trim();
      if (what.startsWith('link:')) {
        const url = shorten(what.slice(5).trim(), ++links);
        return said ? `${said} ${url}` : url;
      }
      const value = values[what];
      if (value === undefined || value === null || value === '') return said ?? '';
      return typeof value === 'object' ? '' : String(value);
    });
  return {
    // A subject is one line, whatever was put into it.
    subject: text.subject === null ? null : fill(text.subject).replace(/\s+/g, ' ').trim(),
    body: fill(text.body),
  };
}

/** Where a link leads, with what tells the shop's own figures which message it was. */
export function tagged(url: string, { channel, template }: { channel: string; template: string }): string {
  const to = new URL(url);
  for (const [name, value] of [
    ['utm_source', 'evergreen'],
    ['utm_medium', channel],
    ['utm_campaign', template],
  ] as const)
    if (!to.searchParams.has(name)) to.searchParams.set(name, value);
  return to.href;
}

/** The body for mail programs that show HTML: paragraphs and links; nothing in it is markup. */
export function asHtml(body: string): string {
  const escaped = body.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const linked = escaped.replace(
    /https?:\/\/[^\s<]+[^\s<.,;:!?，。；：！？）)]/g,
    (url) => `<a href="${url}">${url}</a>`,
  );
  return linked
    .split(/\n{2,}/)
    .map((part) => `<p>${part.replaceAll('\n', '<br>')}</p>`)
    .join('\n');
}
