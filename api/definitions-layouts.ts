/** That the layouts of a list name fields they can go by. */
import { StartError } from './config.ts';
import type { Field, Resource } from './contract.ts';
import { REPEATS } from './recurrence.ts';

interface Checks {
  keys(path: string, value: object, allowed: readonly string[]): void;
  field(path: string, name: string): void;
  at(path: string): string;
}

/** @throws StartError naming the layout and what its field is instead */
export function checkLayouts(resource: Resource, { keys, field, at }: Checks): void {
  const { layouts } = resource.list;
  if (!layouts) return;
  const kind = (path: string, name: string | undefined, fits: (field: Field) => boolean, wanted: string) => {
    if (name === undefined) return;
    field(path, name);
    const found = resource.fields[name];
    if (!found || !fits(found)) throw new StartError(`${at(path)}: ${name} must be ${wanted}.`);
  };
  keys('list.layouts', layouts, ['first', 'card', 'kanban', 'calendar', 'tree']);
  for (const name of layouts.card ?? []) field('list.layouts.card', name);
  kind('list.layouts.kanban.by', layouts.kanban?.by, (each) => each.kind === 'choice', 'a choice');
  const { from, to, repeat } = layouts.calendar ?? {};
  kind('list.layouts.calendar.from', from, (each) => each.kind === 'date', 'a date');
  kind('list.layouts.calendar.to', to, (each) => each.kind === 'date', 'a date');
  const repeats = (each: Field) =>
    each.kind === 'choice' && Object.keys(each.choices).every((code) => (REPEATS as readonly string[]).includes(code));
  kind('list.layouts.calendar.repeat', repeat, repeats, `a choice among ${REPEATS.join(', ')}`);
  if (repeat) {
    kind('list.layouts.calendar.repeat', `${repeat}_interval`, (each) => each.kind === 'integer', 'an integer');
    kind('list.layouts.calendar.repeat', `${repeat}_weekdays`, (each) => each.kind === 'choices', 'choices');
    kind('list.layouts.calendar.repeat', `${repeat}_until`, (each) => each.kind === 'date', 'a date');
  }
  const itself = (each: Field) => each.kind === 'ref' && each.to === resource.name;
  kind('list.layouts.tree.parent', layouts.tree?.parent, itself, `a relation to ${resource.name}`);
}
