/** What the reports of a board are asked together, and what a click on one of them leaves in the address. */
import { describe, expect, test } from 'vitest';
import type { ReportDefinition, ReportParam } from '../../api/contract-reports.ts';
import {
  askedOf,
  boardParams,
  choosing,
  chosenBy,
  clickedOn,
  controlled,
  withChoice,
  withClick,
  withoutChoices,
  withoutClick,
} from '../../reports/board-filters.ts';
import { chosenIn, queryOf } from '../../reports/chosen.ts';

const period: ReportParam = { type: 'daterange', default: 'last_28d' };
const device: ReportParam = { type: 'enum', values: ['phone', 'tablet', 'desktop'] };
const element: ReportParam = { type: 'text' };

function report(
  name: string,
  params: { [name: string]: ReportParam },
  more: Partial<ReportDefinition> = {},
): ReportDefinition {
  return {
    ...{ slug: `clicks/${name}`, area: 'clicks', title: [name, name], params, columns: {} },
    ...{ chart: { kind: 'table' }, limits: { rows: 10, timeout: '1s' }, access: { roles: [] } },
    ...more,
  };
}
const grid = report('grid', { period, element });
const devices = report('devices', { period }, { drill: { to: 'clicks/grid', pass: { device: 'device_class' } } });
const elements = report(
  'elements',
  { period: { ...period, default: 'last_12m' }, device: { ...device, values: ['phone', 'desktop', 'watch'] } },
  { drill: { to: 'clicks/grid', pass: { element: 'code' } } },
);
const depth = report('depth', { device }, { columns: { device: { role: 'category', label: ['设备', 'Device'] } } });
const BOARD = [grid, devices, elements, depth];
const PARAMS = boardParams(BOARD);
const chosenOnBoard = (search: URLSearchParams) =>
  chosenIn(
    search,
    PARAMS.map(({ name }) => name),
  );
const of = (text: string) => new URLSearchParams(text);

describe('what is asked together', () => {
  test('is what reports take by one name: with a default only where it is that of all, and values that each has', () => {
    expect(PARAMS).toEqual([
      {
        ...{ name: 'period', param: { type: 'daterange' }, apart: true },
        takers: ['clicks/grid', 'clicks/devices', 'clicks/elements'],
      },
      { name: 'element', param: element, apart: false, takers: ['clicks/grid'] },
      {
        ...{ name: 'device', param: { type: 'enum', values: ['phone', 'desktop'] }, apart: false },
        takers: ['clicks/elements', 'clicks/depth'],
      },
    ]);
    expect(boardParams([grid, devices])[0]).toMatchObject({ param: period, apart: false });
  });

  test('is not what means something else under the same name', () => {
    const other = report('other', { element: { type: 'integer' }, device: { type: 'enum', values: ['watch'] } });
    expect(boardParams([grid, depth, other]).map(({ name }) => name)).toEqual(['period']);
    const many = report('many', { element: { ...element, many: true } });
    expect(boardParams([grid, many]).map(({ name }) => name)).toEqual(['period']);
  });

  test('is within what each of them takes', () => {
    const [bounded] = boardParams([
      report('some', { days: { type: 'integer', min: 1, max: 90 } }),
      report('more', { days: { type: 'integer', min: 7 } }),
      report('less', { days: { type: 'integer', max: 30 } }),
    ]);
    expect(bounded!.param).toEqual({ type: 'integer', min: 7, max: 30 });
    const [ranged] = boardParams([grid, report('short', { period: { ...period, max: '400d' } })]);
    expect(ranged!.param).toEqual({ ...period, max: '400d' });
  });

  test('has a control where several take it, or where it was chosen', () => {
    const names = (text: string) => controlled(PARAMS, chosenOnBoard(of(text))).map(({ name }) => name);
    expect(names('')).toEqual(['period', 'device']);
    expect(names('element=hero&nobody=1')).toEqual(['period', 'element', 'device']);
  });
});

describe('a click', () => {
  test('chooses what the report drills by, and by a column of the values of an enum', () => {
    expect(BOARD.map((each) => choosing(each, PARAMS))).toEqual([
      {},
      { device: 'device_class' },
      { element: 'code' },
      { device: 'device' },
    ]);
    expect(chosenBy({ device: 'device_class' }, { device_class: 'phone' })).toEqual({ device: ['phone'] });
    expect(chosenBy({ device: 'device_class' }, { device_class: null })).toEqual({});
    expect(chosenBy({ device: 'device_class' }, {})).toEqual({});
  });

  test('chooses nothing where no other report would hear of it, or where it leads to records', () => {
    expect(choosing(devices, boardParams([devices, grid]))).toEqual({});
    const to_records = { ...devices, drill: { to: 'resource:customers', pass: { device: 'device_class' } } };
    expect(choosing(to_records, PARAMS)).toEqual({});
  });

  test('narrows every report that takes it but the one clicked, and is taken away by itself', () => {
    const search = withClick(of('period=last_7d'), 'clicks/depth', { device: ['phone'] });
    const chosen = chosenOnBoard(search);
    expect(chosen).toEqual({ period: ['last_7d'], device: ['phone'] });
    expect(BOARD.map((each) => Object.keys(askedOf(each, chosen, clickedOn(search))))).toEqual([
      ['period'],
      ['period'],
      ['period', 'device'],
      [],
    ]);
    expect(String(withClick(search, 'clicks/depth', { device: ['phone'] }))).toBe('period=last_7d');
    expect(String(withoutClick(search))).toBe('period=last_7d');
    expect(String(withoutChoices(search, PARAMS))).toBe('');
  });

  test('is asked for as the address has it', () => {
    const text = 'device=phone&device=desktop&period=2026-01-01..2026-01-31&element=%23main%3Eul%3A1';
    expect(queryOf(chosenOnBoard(of(text)))).toBe(
      'period=2026-01-01..2026-01-31&element=%23main%3Eul%3A1&device=phone&device=desktop',
    );
    expect(queryOf({})).toBe('');
  });

  test('somewhere else stands in its place', () => {
    const first = withClick(of(''), 'clicks/depth', { device: ['phone'] });
    const second = withClick(first, 'clicks/elements', { element: ['hero'] });
    expect([chosenOnBoard(second), clickedOn(second)]).toEqual([
      { element: ['hero'] },
      { slug: 'clicks/elements', names: ['element'] },
    ]);
  });

  test('is of all reports once a control says the same', () => {
    const clicked = withClick(of(''), 'clicks/depth', { device: ['phone'] });
    const set = withChoice(clicked, 'device', ['desktop']);
    expect([chosenOnBoard(set), clickedOn(set)]).toEqual([{ device: ['desktop'] }, null]);
    expect(clickedOn(withChoice(clicked, 'period', ['last_7d']))).toEqual({ slug: 'clicks/depth', names: ['device'] });
    expect(String(withChoice(clicked, 'device', null))).toBe('');
  });

  test('of an address that somebody wrote is not believed', () => {
    for (const text of ['_clicked=', '_clicked=:', '_clicked=clicks/depth', '_clicked=:device'])
      expect(clickedOn(of(text)), text).toBe(null);
    expect(chosenOnBoard(of('__proto__=1&constructor=2&_clicked=x:y'))).toEqual({});
  });
});
