/** A line of a delimited file from texts that are here already: headers, templates, rows that were wrong. */
import { needsGuard } from './guard.ts';

export function csvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(needsGuard(cell) ? `'${cell}` : cell)).join(',')}\r\n`;
}

/** The text that stood behind the apostrophe of an export: the opposite of what it does to formulas. */
export function withoutGuard(cell: string): string {
  return cell.charCodeAt(0) === 39 && needsGuard(cell) ? cell.slice(1) : cell;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
