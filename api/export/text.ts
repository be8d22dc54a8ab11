/** Rows of an export as Postgres writes them: cells of a delimited file, or the rows of a sheet. */
import { type RawBuilder, sql } from 'kysely';
import type { Lang } from '../contract.ts';
import { CELL_LETTERS_MAX, columnName } from '../xlsx/cells.ts';
import { STYLE } from '../xlsx/styles.ts';
import type { ExportColumn } from './columns.ts';
import { guarded } from './guard.ts';

export interface TextOptions {
  time_zone: string;
  lang: Lang;
  raw: boolean;
}

/** One cell of a delimited file. */
export function csvText(column: ExportColumn, options: TextOptions): RawBuilder<unknown> {
  const { kind, style, value } = column;
  switch (kind) {
    case 'text':
      return column.csv ?? guarded(value);
    case 'number':
      return style === 'percent' ? sql`trim_scale(${value} * 100)::text || '%'` : sql`${value}::text`;
    case 'boolean':
      return options.raw ? sql`${value}::text` : yesNo(value, options.lang);
    case 'date':
      return sql`${value}::text`;
    case 'time':
      return options.raw
        ? sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
        : localText(value, options.time_zone);
  }
}

function yesNo(value: RawBuilder<unknown>, lang: Lang): RawBuilder<unknown> {
  const [yes, no] = lang === 'zh' ? ['是', '否'] : ['Yes', 'No'];
  return sql`case when ${value} then ${yes} when not ${value} then ${no} end`;
}

/** The clock of the zone; in UTC, and said so, where the clock of the zone shows that time twice. */
function localText(time: RawBuilder<unknown>, time_zone: string): RawBuilder<unknown> {
  const clock = (zone: RawBuilder<unknown> | string) =>
    sql`date_trunc('milliseconds', ${time} at time zone ${zone})::text`;
  const plain = sql`(${time} at time zone ${time_zone}) at time zone ${time_zone} = ${time}`;
  return sql`case when ${plain} then ${clock(time_zone)} else ${clock('UTC')} || 'Z' end`;
}

/** The row of a sheet. @param row_no text; the columns have been selected as c0, c1, … of `row` */
export function rowText(columns: readonly ExportColumn[], options: TextOptions): RawBuilder<unknown> {
  const cells = columns.map((column, at) => cellText(column, at, options));
  return sql`concat('<row r="', row.n, '">', ${sql.join(cells)}, '</row>')`;
}

/** One cell; null where there is nothing. */
function cellText(column: ExportColumn, at: number, { time_zone }: TextOptions): RawBuilder<unknown> {
  const { kind, style } = column;
  const value = sql.ref(`row.c${at}`);
  const open = (name: keyof typeof STYLE) =>
    sql`'<c r="${sql.raw(columnName(at))}' || row.n || '" s="${sql.raw(String(STYLE[name]))}"'`;
  const text = (words: RawBuilder<unknown>) =>
    sql`${open('text')} || ' t="inlineStr"><is><t' || ${xmlEscaped(words)} || '</t></is></c>'`;
  const number = (digits: RawBuilder<unknown>) => sql`${open(style)} || '><v>' || ${digits} || '</v></c>'`;
  switch (kind) {
    case 'text':
      return text(sql`left(${value}, ${sql.lit(CELL_LETTERS_MAX)})`);
    case 'number':
      // A spreadsheet counts with fifteen digits.
      return style === 'integer'
        ? sql`case when abs(${value}) < 1000000000000000 then ${number(sql`${value}`)} else ${text(sql`${value}::text`)} end`
        : number(sql`${value}`);
    case 'boolean':
      return sql`${open('general')} || ' t="b"><v>' || ${value}::integer || '</v></c>'`;
    case 'date':
      return sql`case when ${value} between '1900-03-01' and '9999-12-31' then ${number(sql`(${value} - date '1899-12-30')`)} else ${text(sql`${value}::text`)} end`;
    case 'time': {
      const local = sql`(${value} at time zone ${time_zone})`;
      const days = sql`round(extract(epoch from date_trunc('milliseconds', ${local}) - timestamp '1899-12-30') / 86400, 11)`;
      const plain = sql`${local} at time zone ${time_zone} = ${value} and ${local} between '1900-03-01' and '9999-12-31'`;
      return sql`case when ${plain} then ${number(sql`${days}`)} else ${text(localText(value, time_zone))} end`;
    }
  }
}

/** The rest of a text's tag and what is in it; without backslash and line end, so that COPY has nothing to escape. */
function xmlEscaped(text: RawBuilder<unknown>): RawBuilder<unknown> {
  const special = `[&<>\\\\[:cntrl:]\ufffe\uffff]|_x|^\\s|\\s$`;
  const steps: [string, string][] = [
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
    ['\\', '&#92;'],
    ['\n', '&#10;'],
    ['\t', '&#9;'],
    ['\r', '&#13;'],
    ['\ufffe', '_xFFFE_'],
    ['\uffff', '_xFFFF_'],
  ];
  const marked = sql`regexp_replace(${text}, '_(?=x[0-9A-Fa-f]{4}_)', '_x005F_', 'g')`;
  const escaped = steps.reduce((all, [from, to]) => sql`replace(${all}, ${from}, ${to})`, marked);
  // Other control characters cannot be in XML; no field takes them in.
  const clean = sql`regexp_replace(${escaped}, '[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f]', '\ufffd', 'g')`;
  return sql`case when ${text} ~ ${special} then ' xml:space="preserve">' || ${clean} else '>' || ${text} end`;
}
