/** Pieces that the kinds of charts share: axes, tooltip, legend. */

import { pick } from './cell-value.ts';
import { type Datum, distinct } from './chart-data.ts';
import type { ChartInput, Spec } from './chart-spec.ts';
import { isRunning } from './time-steps.ts';
import { say } from './words.ts';

const MOST_LABELS = 14;

export interface TooltipLine {
  name: string;
  value: string;
  color?: string;
}

export function valueAxis(input: ChartInput, column: string, more: Spec = {}): Spec {
  const { label, short, palette, small } = input;
  return {
    title: small ? shortened(label(column), (text) => drawnWidth(text) <= SMALL_AXIS) : label(column),
    // There is no half of a customer: of a few, ticks between would repeat the label of a whole one.
    ...(input.column(column).unit === 'count' ? { tickFilter: (value: number) => Number.isInteger(value) } : {}),
    titleFill: palette.muted,
    titleFillOpacity: 1,
    titleFontSize: 12,
    labelFormatter: (value: number) => short(column)(value),
    labelFill: palette.muted,
    labelFillOpacity: 1,
    labelOpacity: 1,
    gridStroke: palette.line,
    gridStrokeOpacity: 1,
    gridLineDash: [0, 0],
    ...more,
  };
}

/** Pixels a small chart has for the name of its axis, from bottom to top, and for numbers beside each other. */
const SMALL_AXIS = 182;
const SMALL_WIDTH = 400;
const FONT_SIZE = 12;

/** About how wide a text is drawn: Chinese letters are as wide as high, others half of that. */
function drawnWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? FONT_SIZE : FONT_SIZE * 0.56), 0);
}

/** Whether numbers over columns stand beside each other without touching. */
export function fitAbove({ small }: ChartInput, texts: readonly string[]): boolean {
  return !small || texts.length * Math.max(...texts.map(drawnWidth), 0) <= SMALL_WIDTH;
}

/** @param fits whether a text has room: the longest beginning that does, with its ellipsis, is left */
function shortened(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const letters = [...text];
  while (letters.length > 0 && !fits(`${letters.join('')}…`)) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Letters of a name under an axis or beside a line; the tooltip and the table have it whole. */
const NAME_MAX = 12;

export function categoryAxis({ palette }: ChartInput, more: Spec = {}): Spec {
  return {
    title: false,
    labelFill: palette.muted,
    labelFillOpacity: 1,
    labelOpacity: 1,
    line: true,
    lineStroke: palette.line,
    lineStrokeOpacity: 1,
    tick: false,
    labelAutoRotate: false,
    labelAutoHide: true,
    labelFormatter: (name: unknown) => shortened(String(name), (text) => [...text].length <= NAME_MAX),
    ...more,
  };
}

/** Days as short as they can be: months where every day is a first, the year only where it is needed. */
export function dayAxis(input: ChartInput, column: string): Spec {
  const months = input.time?.grain === 'month';
  const days = input.time?.steps ?? distinct(input.data, column);
  const whole = days.length === 1 || new Set(days.map((day) => day.slice(0, 4))).size > 1;
  return categoryAxis(input, {
    ...everyNth(days.length),
    labelFormatter: (day: string) => (months ? day.slice(0, 7) : whole ? day : day.slice(5)),
  });
}

/** Labels that would touch are left out evenly. */
export function everyNth(count: number): Spec {
  const step = Math.ceil(count / MOST_LABELS);
  return step > 1 ? { tickFilter: (_value: unknown, index: number) => index % step === 0 } : {};
}

/** Every step has its place on the axis, whether there is a row of it or not. */
export function timeScale({ time }: ChartInput): Spec {
  return time ? { domain: time.steps } : {};
}

/** Whether a row is of a month or week that goes on: what it shows is less than it will be. */
export function runningStep({ time, reader }: ChartInput, column: string): (datum: Datum) => boolean {
  return (datum) => isRunning(String(datum[column]), time?.grain, reader.today);
}

export function legend({ palette }: ChartInput, more: Spec = {}): Spec {
  return {
    color: {
      position: 'top',
      layout: { justifyContent: 'flex-start' },
      itemLabelFill: palette.ink,
      itemLabelFillOpacity: 1,
      navControllerSpacing: 4,
      ...more,
    },
  };
}

/** What the pointer shows: exact values of the marks under it. The drawing component turns it into text nodes, never HTML. */
export function tooltipLine({ exact, label }: ChartInput, column: string, series?: string) {
  return (datum: Datum) => ({ name: series ? String(datum[series]) : label(column), value: exact(column, datum) });
}

export function tooltipTitle(input: ChartInput, column: string) {
  const running = runningStep(input, column);
  return (datum: Datum) => {
    const day = String(datum[column]);
    const step = input.time?.grain === 'month' ? day.slice(0, 7) : day;
    return running(datum) ? say(input.reader.lang, 'so_far', { step }) : step;
  };
}

/** A line at the step that an event began in, with its name; several of one step share the line. */
export function eventLines({ events, time, reader, palette }: ChartInput): Spec[] {
  if (!time || events.length === 0) return [];
  const names = new Map<string, string[]>();
  for (const { starts_on, name } of events) {
    const step = time.steps.findLast((each) => each <= starts_on);
    if (step) names.set(step, [...(names.get(step) ?? []), pick(reader.lang, name)]);
  }
  const late = (step: string) => time.steps.indexOf(step) > time.steps.length * 0.75;
  return [...names].map(([step, [first = '', ...more]], index) => ({
    type: 'lineX',
    data: [step],
    encode: { x: (day: string) => day },
    style: { stroke: palette.muted, lineDash: [3, 3], strokeOpacity: 0.7 },
    labels: [
      {
        text: `${shortened(first, (text) => [...text].length <= NAME_MAX)}${more.length > 0 ? ` +${more.length}` : ''}`,
        position: 'top',
        // Neighbours would lie on each other.
        dy: 4 + (index % 3) * 15,
        // Beside its line on the side where there is room.
        dx: late(step) ? -5 : 5,
        textAlign: late(step) ? 'right' : 'left',
        fill: palette.muted,
        fontSize: 11,
      },
    ],
    tooltip: false,
  }));
}

/** What has a label has its colour whichever others are there; what is good or bad in itself has the one that says so. */
export function colorScale({ data, colors, column: of, reader, palette }: ChartInput, column: string): Spec {
  const domain = distinct(data, column);
  const { labels = {}, tones = {} } = of(column);
  const named = (value: string) => pick(reader.lang, labels[value] ?? [value, value]);
  const toned = new Map(Object.entries(tones).map(([value, tone]) => [named(value), palette.tones[tone]]));
  const plain = [...new Set([...Object.keys(labels).map(named), ...domain])].filter((name) => !toned.has(name));
  const others = colors(plain, [...toned.values()]);
  return { color: { domain, range: domain.map((name) => toned.get(name) ?? others[plain.indexOf(name)]!) } };
}
