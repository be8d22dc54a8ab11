/** What can be written where the cursor stands: keys and values in the head, views, columns, functions and parameters below it. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { Lang, Pair } from '../api/contract.ts';
import type { EditorWorld } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';

const WORDS =
  'select from where and or not null is in between like case when then else end as on using inner left join group by order having limit distinct with union all filter over partition exists asc desc nulls last first true false coalesce nullif cross lateral'.split(
    ' ',
  );

/** @returns a source for CodeMirror over what the server says there is */
export function completionOf(world: EditorWorld, lang: Lang): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const text = context.state.doc.toString();
    const end = text.indexOf('---*/');
    return end < 0 || context.pos <= end
      ? headCompletion(context, { text, world, lang })
      : sqlCompletion(context, { text, end, world, lang });
  };
}

interface Given {
  text: string;
  world: EditorWorld;
  lang: Lang;
}

function headCompletion(context: CompletionContext, { text, world, lang }: Given): CompletionResult | null {
  const { state, pos } = context;
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const word = context.matchBefore(/[\w/:$-]*/);
  const from = word?.from ?? pos;
  const typed = pos > from || context.explicit || /[:,[{]\s*$/.test(before);
  if (!typed) return null;
  const section = sectionAt(text.slice(0, line.from), before);
  const key = /([\w]+):\s*(?:\[[^\]]*|[\w/:$-]*)$/.exec(before)?.[1];
  const options = key && /:\s*(?:\[[^\]]*|[\w/:$-]*)$/.test(before) ? valuesOf(key, { text, world, lang }) : null;
  if (options && options.length > 0) return { from, options, validFor: /^[\w/:$-]*$/ };
  if (/^\s*[\w]*$/.test(before) && !/^\s/.test(line.text))
    return { from, options: world.grammar.keys.map(keyOption), validFor: /^\w*$/ };
  if (/[{,]\s*\w*$/.test(before) || /^\s+(?:-\s*)?\{?\s*\w*$/.test(before)) {
    const inside = world.grammar.inside[section ?? ''];
    const names =
      section === 'columns' && /^\s+\w*$/.test(before) ? namesOf(world, lang) : (inside ?? []).map(keyOption);
    return names.length > 0 ? { from, options: names, validFor: /^\w*$/ } : null;
  }
  return null;
}

function keyOption(label: string): Completion {
  return { label, apply: `${label}: `, type: 'property' };
}

/** Columns whose label is known. */
function namesOf(world: EditorWorld, lang: Lang): Completion[] {
  return world.dimensions.map(({ name, label }) => ({
    label: name,
    detail: pick(lang, label),
    type: 'variable',
    apply: `${name}: { role: `,
  }));
}

function valuesOf(key: string, { text, world, lang }: Given): Completion[] {
  if (key === 'metric') {
    return world.metrics.map(({ code, label, definition }) => ({
      ...{ label: code, detail: pick(lang, label), info: pick(lang, definition), type: 'constant' },
    }));
  }
  if (key === 'to') {
    return [
      ...world.slugs.map((label): Completion => ({ label, type: 'constant' })),
      ...world.resources.map(({ name, label }) => ({
        label: `"resource:${name}"`,
        detail: pick(lang, label),
        type: 'constant',
      })),
    ];
  }
  if (world.grammar.columns_in.includes(key))
    return declared(text, 'columns').map((label) => ({ label, type: 'variable' }));
  return (world.grammar.values[key] ?? []).map((label) => ({ label, type: 'keyword' }));
}

/** The top-level key that the line belongs to. */
function sectionAt(above: string, line: string): string | undefined {
  return /^(\w+):/.exec(line)?.[1] ?? [...above.matchAll(/^(\w+):/gm)].at(-1)?.[1];
}

/** Names below a section of the head, in either way of writing it. */
function declared(text: string, section: string): string[] {
  const head = text.slice(0, Math.max(text.indexOf('---*/'), 0));
  const body = new RegExp(`^${section}:([\\s\\S]*?)(?=^\\w|$(?![\\s\\S]))`, 'm').exec(head)?.[1] ?? '';
  return [...body.matchAll(/^ {1,4}(\w+):/gm)].map((match) => match[1]!);
}

function sqlCompletion(
  context: CompletionContext,
  { text, end, world, lang }: Given & { end: number },
): CompletionResult | null {
  const word = context.matchBefore(/[:.\w]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const typed = word.text;
  if (typed.startsWith(':') && !typed.startsWith('::')) {
    return { from: word.from + 1, options: paramsOf(text), validFor: /^\w*$/ };
  }
  const select = text.slice(end);
  const dot = typed.lastIndexOf('.');
  if (dot >= 0) {
    const owner = typed.slice(0, dot);
    const from = word.from + dot + 1;
    if (owner === 'report') return { from, options: viewOptions(world, lang), validFor: /^\w*$/ };
    const view = viewNamed(select, owner, world);
    return view ? { from, options: columnOptions(view, lang), validFor: /^\w*$/ } : null;
  }
  const read = world.views.filter(({ name }) => new RegExp(`\\breport\\.${name}\\b`).test(select));
  return {
    from: word.from,
    options: [
      ...read.flatMap((view) => columnOptions(view, lang)),
      ...viewOptions(world, lang).map((option) => ({ ...option, label: `report.${option.label}` })),
      ...world.functions.map((label): Completion => ({ label, type: 'function', apply: `${label}(`, boost: -1 })),
      ...world.own_functions.map(
        (name): Completion => ({ label: `report.${name}`, type: 'function', apply: `report.${name}(` }),
      ),
      ...WORDS.map((label): Completion => ({ label, type: 'keyword' })),
    ],
    validFor: /^[\w.]*$/,
  };
}

/** A range gives two. */
function paramsOf(text: string): Completion[] {
  const found = declared(text, 'params').flatMap((name) => {
    const ranged = new RegExp(`^ {1,4}${name}:[^\\n]*daterange`, 'm').test(text);
    return ranged ? [`${name}_from`, `${name}_to`] : [name];
  });
  return [...found, 'today', 'lang'].map((label) => ({ label, type: 'variable' }));
}

type View = EditorWorld['views'][number];

/** By its own name, or by the one that the select gives it. */
function viewNamed(select: string, owner: string, world: EditorWorld): View | undefined {
  const name = new RegExp(`\\breport\\.(\\w+)\\s+(?:as\\s+)?${owner}\\b`, 'i').exec(select)?.[1] ?? owner;
  return world.views.find((view) => view.name === name);
}

function viewOptions(world: EditorWorld, lang: Lang): Completion[] {
  return world.views.map(({ name, comment }) => ({ label: name, type: 'class', ...explained(comment, lang) }));
}

function columnOptions(view: View, lang: Lang): Completion[] {
  return view.columns.map(({ name, comment }) => ({
    label: name,
    type: 'variable',
    boost: 1,
    ...explained(comment, lang),
  }));
}

/** Comments are a label, then the definition, the label as "中文 / English" or in one language. */
function explained(comment: string | null, lang: Lang): Pick<Completion, 'detail' | 'info'> {
  const [label = '', ...rest] = (comment ?? '').split('\n');
  const spoken = (line: string) => {
    const pair = line.split(' / ') as unknown as Pair;
    return pair.length === 2 ? pick(lang, pair) : line;
  };
  const info = rest.map(spoken).join('\n');
  return { ...(label ? { detail: spoken(label) } : {}), ...(info ? { info } : {}) };
}
