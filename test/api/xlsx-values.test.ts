/** Numbers, dates and tags of workbooks, without a workbook. */
import { describe, expect, test } from 'vitest';
import { columnName, xmlText } from '../../api/xlsx/cells.ts';
import { isDateFormat, numberText, serialText } from '../../api/xlsx/serial.ts';
import { plainText } from '../../api/xlsx/workbook.ts';
import { attributeOf, readXml } from '../../api/xlsx/xml.ts';

describe('a serial is the day and clock that the sheet shows', () => {
  test.each([
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [60, null],
    [61, '1900-03-01'],
    [45000, '2023-03-15'],
    [45000.333333333336, '2023-03-15 08:00:00'],
    [45000.999999994, '2023-03-15 23:59:59.999'],
    [45000.99999999999, '2023-03-16'],
    [0.3541666666666667, '08:30:00'],
    [0, '00:00:00'],
    [2958465, '9999-12-31'],
    [2958466, null],
    [-1, null],
  ])('%d', (serial, text) => {
    expect(serialText(serial, { date1904: false })).toBe(text);
  });
  test('days count from 1904 in the other system', () => {
    expect(serialText(0, { date1904: true })).toBe('1904-01-01');
    expect(serialText(43538, { date1904: true })).toBe('2023-03-15');
    expect(serialText(60, { date1904: true })).toBe('1904-03-01');
  });
});

test.each([
  ['0.30000000000000004', '0.3'],
  ['19.989999999999998', '19.99'],
  ['1.1000000000000001', '1.1'],
  ['-0.1', '-0.1'],
  ['1E+20', '100000000000000000000'],
  ['1.5E-3', '0.0015'],
  ['12.50', '12.5'],
  ['100', '100'],
  ['12345678901234567', '12345678901234567'],
  ['123456789012.34', '123456789012.34'],
  ['-0', '0'],
  ['0.0', '0'],
  ['abc', null],
  ['Infinity', null],
])('the number %s is %s', (raw, text) => {
  expect(numberText(raw)).toBe(text);
});

test.each<[number, string | undefined, boolean]>([
  [14, undefined, true],
  [0, undefined, false],
  [4, undefined, false],
  [57, undefined, true],
  [164, 'yyyy\\-mm\\-dd', true],
  [165, 'yyyy"年"m"月"d"日"', true],
  [166, '[$-804]yyyy/m/d;@', true],
  [167, '#,##0.00 "yd"', false],
  [168, '[Red]#,##0', false],
  [169, '[h]:mm', false],
  [170, '0.00E+00', false],
  [171, 'General', false],
  [172, 'G/通用格式', false],
  [173, 'h:mm AM/PM', true],
])('format %i %s is a date: %s', (id, code, date) => {
  expect(isDateFormat(id, code)).toBe(date);
});

test.each([
  'plain',
  '<a & "b">',
  'a\nb\tc\rd',
  '_x0041_',
  '_x0041_x0042_',
  '__x005F_',
  '\u0001\u001f',
  '\ufffe',
  '😀王',
  ' two  ends ',
])('the text %j comes back from XML', async (text) => {
  let read = '';
  const handler = { open() {}, close() {}, text: (piece: string) => (read += piece) };
  const bytes = Buffer.from(`<?xml version="1.0"?><!-- x --><t>${xmlText(text)}</t>`);
  // One byte at a time: nothing may depend on where pieces end.
  const pieces = (async function* () {
    for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
  })();
  for await (const _ of readXml(pieces, handler));
  expect(plainText(read)).toBe(text);
});

test('tags: attributes with > and both marks, prefixes, CDATA, empty ones', async () => {
  const seen: string[] = [];
  const handler = {
    open: (name: string, attributes: string) =>
      seen.push(`+${name} ${attributeOf(attributes, 'v')} ${attributeOf(attributes, 'r:id')}`),
    close: (name: string) => seen.push(`-${name}`),
    text: (piece: string) => seen.push(piece),
  };
  const xml = `<x:a v="1>2" r:id='i"d'><b v='&lt;&#65;&#x4E2D;'/><![CDATA[<raw>&amp;]]></x:a>`;
  for await (const _ of readXml(
    (async function* () {
      yield Buffer.from(xml);
    })(),
    handler,
  ));
  expect(seen).toEqual(['+a 1>2 i"d', '+b <A中 null', '-b', '<raw>&amp;', '-a']);
});

test.each([
  ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'workbook_doctype'],
  ['<a>&x;</a>', 'workbook_damaged'],
  ['<a>&#0;</a>', 'workbook_damaged'],
  ['<a>&#x110000;</a>', 'workbook_damaged'],
  ['<a>a & b</a>', 'workbook_damaged'],
  ['<a><b></b>', 'workbook_damaged'],
  ['</a>', 'workbook_damaged'],
  ['<a v="', 'workbook_damaged'],
  ['<'.repeat(10), 'workbook_damaged'],
  ['<a>'.repeat(200), 'workbook_damaged'],
  ['not xml', 'workbook_damaged'],
  ['<a>\xff</a>', 'workbook_damaged'],
])('%j is refused as %s', async (xml, key) => {
  const read = async () => {
    const bytes = (async function* () {
      yield Buffer.from(xml, 'latin1');
    })();
    for await (const _ of readXml(bytes, { open() {}, close() {}, text() {} }));
  };
  await expect(read()).rejects.toMatchObject({ key });
});

test.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [701, 'ZZ'],
  [702, 'AAA'],
])('column %i is %s', (at, name) => {
  expect(columnName(at)).toBe(name);
});
