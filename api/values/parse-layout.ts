/** A form's layout: its shape, whatever form it is for. Whether that form has the fields is asked where it is known. */
import type { FormLayout, Json, Pair } from '../contract.ts';
import { Fault } from './fault.ts';
import { isCleanLine, isLonger } from './parse-text.ts';

const LABEL_MAX = 60;
const SECTIONS_MAX = 30;
const FIELDS_MAX = 400;
const BESIDE_MAX = 4;

type Shape = { [key: string]: unknown };

/** @returns the layout with nothing in it that means nothing, or what is wrong with it under its path */
export function parseLayout(raw: unknown): Json | Fault {
  const parts: [string, Fault][] = [];
  const wrong = (path: string, key: string, params: Fault['params'] = {}) => {
    parts.push([path, new Fault(key, params)]);
    return undefined;
  };
  if (!isShape(raw)) return new Fault('not_a_layout');
  for (const key of Object.keys(raw))
    if (!['tabs', 'sections', 'fields'].includes(key)) return new Fault('not_a_layout');
  const layout: { -readonly [key in keyof FormLayout]: FormLayout[key] } = {};
  if (raw.tabs === true) layout.tabs = true;
  if (raw.sections !== undefined) {
    if (!Array.isArray(raw.sections) || raw.sections.length > SECTIONS_MAX) return new Fault('not_a_layout');
    layout.sections = raw.sections.flatMap((each: unknown, at) => {
      const section = parseSection(each, (path, key, params) => wrong(`sections.${at}${path}`, key, params));
      return section ? [section] : [];
    });
    const seen = new Set<string>();
    for (const name of layout.sections.flatMap((section) => section.fields.flat())) {
      if (seen.has(name)) wrong('sections', 'layout_twice', { name });
      seen.add(name);
    }
  }
  if (raw.fields !== undefined) {
    if (!isShape(raw.fields) || Object.keys(raw.fields).length > FIELDS_MAX) return new Fault('not_a_layout');
    const fields = Object.entries(raw.fields).flatMap(([name, change]) => {
      const parsed = parseChange(change, (path, key, params) => wrong(`fields.${name}${path}`, key, params));
      return parsed && Object.keys(parsed).length > 0 ? [[name, parsed] as const] : [];
    });
    if (fields.length > 0) layout.fields = Object.fromEntries(fields);
  }
  return parts.length > 0 ? new Fault('invalid', {}, parts) : (layout as unknown as Json);
}

type Wrong = (path: string, key: string, params?: Fault['params']) => undefined;

function parseSection(raw: unknown, wrong: Wrong): NonNullable<FormLayout['sections']>[number] | undefined {
  if (!isShape(raw) || typeof raw.name !== 'string' || !/^[a-z0-9_$]{1,60}$/.test(raw.name))
    return wrong('', 'not_a_layout');
  const label = parsePair(raw.label);
  if (!label) return wrong('.label', 'layout_label');
  const lines = raw.fields;
  const isName = (each: unknown) => typeof each === 'string' && /^[a-z][a-z0-9_]{0,62}$/.test(each);
  const fits =
    Array.isArray(lines) &&
    lines.length <= FIELDS_MAX &&
    lines.every((line) =>
      Array.isArray(line) ? line.length > 0 && line.length <= BESIDE_MAX && line.every(isName) : isName(line),
    );
  if (!fits) return wrong('.fields', 'not_a_layout');
  return { name: raw.name, label, fields: lines as (string | string[])[] };
}

type Change = NonNullable<FormLayout['fields']>[string];

function parseChange(raw: unknown, wrong: Wrong): Change | undefined {
  if (!isShape(raw)) return wrong('', 'not_a_layout');
  const change: Change = {};
  for (const [key, value] of Object.entries(raw)) {
    if (key === 'required' || key === 'readonly' || key === 'hidden') {
      if (typeof value !== 'boolean') return wrong(`.${key}`, 'not_a_boolean');
      if (value) change[key] = true;
    } else if (key === 'label') {
      const label = value === null ? null : parsePair(value);
      if (label === undefined) return wrong('.label', 'layout_label');
      if (label) change.label = label;
    } else if (key === 'default') {
      if (value !== null && value !== undefined) change.default = value as Json;
    } else return wrong(`.${key}`, 'not_a_layout');
  }
  return change;
}

/** Both languages; one that is empty is as the other. */
function parsePair(raw: unknown): Pair | undefined {
  if (!Array.isArray(raw) || raw.length !== 2) return undefined;
  const texts = raw.map((text: unknown) => (typeof text === 'string' ? text.trim() : ''));
  const zh = texts[0] || texts[1];
  const en = texts[1] || texts[0];
  if (!zh || !en) return undefined;
  return [zh, en].every((text) => isCleanLine(text) && !isLonger(text, LABEL_MAX)) ? [zh, en] : undefined;
}

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
