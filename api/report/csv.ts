/** Rows as a CSV file for spreadsheets: RFC 4180, UTF-8 with a byte order mark, formulas disarmed. */
import type { Json } from '../contract.ts';

/** @param header labels in the reader's language. */
export function toCsv(header: readonly string[], rows: readonly Json[][]): string {
  return `\uFEFF${[header, ...rows].map((row) => `${row.map(toCell).join(',')}\r\n`).join('')}`;
}

/** A text that a spreadsheet would run as a formula gets an apostrophe; numbers, negative ones too, stay numbers. */
function toCell(value: Json): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const number = typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(text);
  const safe = !number && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
