/** How e-mails to staff look: a table's row, and what people typed as text, whatever is in it. */

export const MAIL_STYLE =
  "font:14px/1.6 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif;color:#1d2a25;max-width:760px";

export function tableRow(cells: readonly string[]): string {
  const style = 'padding:6px 10px 6px 0;border-bottom:1px solid #e3e9e6;text-align:left;white-space:nowrap';
  return `<tr>${cells.map((cell) => `<td style="${style}">${cell}</td>`).join('')}</tr>`;
}

/** Names that staff typed are text, whatever is in them. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
