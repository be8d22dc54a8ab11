/** Definitions that do not fit, each told with its file, its path and what would be right. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Field, Resource } from '../../api/contract.ts';
import { checkResource, loadResources } from '../../api/definitions.ts';
import { checkDefinitions } from '../../api/records/check-definitions.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let resources: ReadonlyMap<string, Resource>;
beforeAll(async () => {
  t = await testDatabase();
  resources = await loadResources();
});
afterAll(() => t.close());

const LABEL = ['标签', 'Label'] as const;

/** The tiers, changed. */
function tiers(
  change: Partial<Resource> | { field: [name: string, field: Partial<Field> & { [key: string]: unknown }] },
): Resource {
  const found = resources.get('tiers')!;
  if (!('field' in change)) return { ...found, ...change };
  const [name, field] = change.field;
  const whole = { label: LABEL, ...found.fields[name], ...field } as Field;
  return { ...found, fields: { ...found.fields, [name]: whole } };
}

test('every definition is right', async () => {
  await expect(checkDefinitions(resources, t.db)).resolves.toBeUndefined();
});

test.each<[string, () => Resource, string]>([
  [
    'a misspelt key',
    () => ({ ...tiers({}), lits: {} }) as Resource,
    '(definition): unknown "lits". Did you mean list?',
  ],
  [
    'a misspelt key of a field',
    () => tiers({ field: ['name', { requird: true }] }),
    'fields.name: unknown "requird". Did you mean required?',
  ],
  [
    'a list column that is no field',
    () => tiers({ list: { columns: ['nam'], sort: 'rank' } }),
    'list.columns: unknown "nam". Did you mean name?',
  ],
  [
    'a reference to no resource',
    () => tiers({ field: ['owner', { kind: 'ref', to: 'user' }] }),
    'fields.owner.to: unknown "user". Did you mean users?',
  ],
  [
    'an unknown role',
    () => tiers({ access: { operatr: 'r' } as Resource['access'] }),
    'access: unknown "operatr". Did you mean operator?',
  ],
])('%s is refused', (_, make, sentence) => {
  expect(() => checkResource(make(), resources)).toThrow(`api/resources/tiers.ts: ${sentence}`);
});

test.each<[string, () => Resource, string]>([
  [
    'a table that is not there',
    () => tiers({ table: 'app.tires' }),
    'table: the database has no app.tires. Did you mean app.tiers?',
  ],
  [
    'a field without a column',
    () => tiers({ field: ['colour', { kind: 'color' }] }),
    'fields.colour: app.tiers has no column colour. Did you mean color?',
  ],
  [
    'a column of another type',
    () => tiers({ field: ['rank', { kind: 'date' }] }),
    'fields.rank: a date cannot be kept in integer.',
  ],
  [
    'more decimals than the column keeps',
    () => tiers({ field: ['enter_at', { kind: 'decimal', scale: 3 }] }),
    'fields.enter_at: has 3 decimals, but numeric(14,2) keeps 2.',
  ],
  [
    'a column that must have a value',
    () => tiers({ field: ['name', { required: false }] }),
    'fields.name: the column must have a value: make the field required or give it a default.',
  ],
  [
    'a choice the database refuses',
    () => tiers({ field: ['downgrade', { choices: { none: LABEL, one_step: LABEL, full: LABEL, half: LABEL } }] }),
    'fields.downgrade: the database does not allow half; its check says none, one_step, full.',
  ],
  [
    'a choice without a label',
    () => tiers({ field: ['downgrade', { choices: { none: LABEL, full: LABEL } }] }),
    'fields.downgrade: the database also allows one_step: give it a label.',
  ],
  [
    'an action without its routine',
    () =>
      tiers({
        actions: { go: { label: LABEL, procedure: 'new_segment_rule_set_versio', scope: 'record', roles: [] } },
      }),
    'actions.go.procedure: there is no ops.new_segment_rule_set_versio. Did you mean new_segment_rule_set_version?',
  ],
  [
    'a routine that takes something else',
    () => tiers({ actions: { go: { label: LABEL, procedure: 'refresh_rollups', scope: 'record', roles: [] } } }),
    'actions.go.procedure: ops.refresh_rollups takes (as_of date), but is called with (record_id bigint, user_id bigint, input jsonb).',
  ],
])('%s is refused when the database is looked at', async (_, make, sentence) => {
  await expect(checkDefinitions(new Map([['tiers', make()]]), t.db)).rejects.toThrow(
    `api/resources/tiers.ts: ${sentence}`,
  );
});
