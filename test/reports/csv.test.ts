import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { toCsv } from '../../api/report/csv.ts';

test('a file starts with a byte order mark, quotes what needs it and ends lines with CRLF', () => {
  const text = toCsv(
    ['名称, Name', 'n'],
    [
      ['a "b"\nc', 1],
      [null, '12.50'],
    ],
  );
  expect(text).toBe('\uFEFF"名称, Name",n\r\n"a ""b""\nc",1\r\n,12.50\r\n');
  expect(parse(text, { bom: true })).toEqual([
    ['名称, Name', 'n'],
    ['a "b"\nc', '1'],
    ['', '12.50'],
  ]);
});

test('what a spreadsheet would run as a formula is disarmed, numbers stay numbers', () => {
  const cells = ['=1+1', '+1+1', '-1+1', '@sum(a1)', '\t=1', '\r=1', '=cmd|"/c calc"!a1', '-5', '-5.25', '+5'];
  const [row] = parse(toCsv(['h'], [cells]).split('\r\n').slice(1).join('\r\n')) as string[][];
  expect(row).toEqual([
    "'=1+1",
    "'+1+1",
    "'-1+1",
    "'@sum(a1)",
    "'\t=1",
    "'\r=1",
    '\'=cmd|"/c calc"!a1',
    '-5',
    '-5.25',
    "'+5",
  ]);
  expect(toCsv(['=h'], [])).toBe("\uFEFF'=h\r\n");
});
