/** Colours of charts, told apart on a light and on a dark ground, and by people who see fewer of them. */

import type { ReportTone } from '../api/contract-reports.ts';

export interface Palette {
  series: readonly string[];
  /** "Other" is everyone left over and steps back. */
  other: string;
  ink: string;
  muted: string;
  line: string;
  ground: string;
  target: string;
  signal: string;
  /** Of what is good or bad in itself. */
  tones: { [tone in ReportTone]: string };
  /** From few to many. */
  ramp: readonly [low: string, high: string];
  /** From cold to hot, where there is nothing but the colour to read. */
  heat: readonly string[];
  /** From which share of the ramp on white is read better than ink. */
  white_from: number;
}

const LIGHT: Palette = {
  series: [
    '#1f6f4a',
    '#d97706',
    '#3b6fd4',
    '#b8437f',
    '#0e9aa7',
    '#7a55c7',
    '#8a9a1f',
    '#c4453a',
    '#5f7d95',
    '#9a6a3a',
    '#2f9e6e',
    '#d4a017',
  ],
  other: '#a9b4ae',
  ink: '#17211c',
  muted: '#4d5b54',
  line: '#e3e8e4',
  ground: '#ffffff',
  target: '#b45309',
  signal: '#b3261e',
  tones: { good: '#1f6f4a', warning: '#d97706', bad: '#c4453a', quiet: '#a9b4ae' },
  ramp: ['#e6f1ea', '#2f8a5f'],
  heat: ['#eef4e3', '#f6d776', '#ec8f3c', '#c8352b', '#7a1230'],
  white_from: 0.97,
};
const DARK: Palette = {
  series: [
    '#62c192',
    '#f0a848',
    '#7fa6f0',
    '#e07fb3',
    '#4cc3cf',
    '#ab8df0',
    '#bcca5a',
    '#ef857c',
    '#93afc4',
    '#cfa070',
    '#3aa876',
    '#e8c65a',
  ],
  other: '#5c6a63',
  ink: '#e4ebe7',
  muted: '#b0beb6',
  line: '#29332e',
  ground: '#161c19',
  target: '#f0a848',
  signal: '#ef857c',
  tones: { good: '#62c192', warning: '#f0a848', bad: '#ef857c', quiet: '#5c6a63' },
  ramp: ['#1b2f26', '#3d9a6c'],
  heat: ['#23301f', '#6b5a1c', '#b5662a', '#e0553f', '#ffc9a8'],
  white_from: 0.4,
};

export const palette = (dark: boolean): Palette => (dark ? DARK : LIGHT);

const OTHER = new Set(['其他', 'Other', 'other', '未知', 'Unknown']);

/** Colours for series in their order; "Other" is always grey. @param taken colours that mean something beside them */
export function seriesColors(names: readonly string[], dark: boolean, taken: readonly string[] = []): string[] {
  const { series: all, other } = palette(dark);
  const series = all.filter((color) => !taken.includes(color));
  let next = 0;
  return names.map((name) => (OTHER.has(name) ? other : series[next++ % series.length]!));
}
