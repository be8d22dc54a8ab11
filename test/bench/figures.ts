/** Figures as the tables of docs/performance.md have them. */
import type { EngineFigure } from './measure-engine.ts';

export function line(name: string, figure: string, aim: string, met: boolean | null): EngineFigure {
  return { name, figure, aim, met };
}
export const count = (value: number) => Math.round(value).toLocaleString('en');
export const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
