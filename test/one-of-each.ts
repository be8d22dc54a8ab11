/** At least one record of every resource, made as people and programs make them, each text as the test wants it. */
import { sql } from 'kysely';
import type { Json, Row } from '../api/contract.ts';
import { applyDefaults } from '../api/default-programme.ts';
import type { Ask, TestApp } from './app.ts';
import type { TestDatabase } from './database.ts';

/**
 * @param text what stands in a text that people write; the word says what it is about
 * @returns an id by resource; a resource of which there can be none is absent
 */
export async function oneOfEach(
  { t, a }: { t: TestDatabase; a: TestApp },
  text: (word: string) => string = (word) => word,
): Promise<Map<string, number>> {
  await t.owner.transaction().execute(applyDefaults);
  const admin = a.as('administrator');
  const post = (path: string, body: Json) => make(admin, path, body);
  await post('customers', {
    external_id: 'one',
    name: text('customer'),
    phone: '13800138000',
    tags: [text('tag').slice(0, 40)],
  });
  await post('products', { external_id: 'one-sku', name: text('product'), category: text('category') });
  await make(a.as('operator'), 'v1/orders', {
    external_id: text('order'),
    customer_external_id: 'one',
    placed_at: '2026-02-01T04:00:00Z',
    lines: [{ sku: 'one-sku', description: text('line'), quantity: 2, unit_price: '5.00' }],
  });
  await make(a.as('operator'), 'v1/returns', {
    external_id: text('return'),
    order_external_id: text('order'),
    returned_at: '2026-02-03T04:00:00Z',
    amount: '1.00',
    reason: text('reason'),
  });
  await post('roles', { code: 'junior', name_zh: text('role'), name_en: text('role'), base_role: 'viewer' });
  await post('custom_fields', {
    resource: 'customers',
    key: 'note_of_staff',
    kind: 'text',
    label: text('field'),
    label_en: text('field'),
  });
  await post('form_layouts', {
    resource: 'products',
    layout: { sections: [{ name: 'shop', label: [text('section'), text('section')], fields: ['name', 'category'] }] },
  });
  await post('_views', {
    resource: 'products',
    name: text('view').slice(0, 60),
    settings: { q: text('search') },
    visibility: 'everyone',
  });
  await make(a.as('operator'), 'api_tokens/_actions/issue', { name: text('token'), scopes: ['tiers:r'], days: 1 });
  const tier = await idOf(admin, 'tiers');
  await post('tiers/_propose', {
    id: tier,
    values: { description: text('proposed') },
    note: text('note'),
    draft: true,
  });
  const set = await idOf(admin, 'segment_rule_sets');
  await post(`segment_rule_sets/${set}/_actions/new_version`, {});
  const change = { letters: 'r', reason: text('why') };
  await make(admin, '_permissions/junior/products', change, { method: 'PUT', headers: { 'if-match': '"0"' } });
  await sql`insert into app.job_runs (job, as_of_on, state, error, worker)
    values ('rfm_scores', '2026-02-01', 'failed', ${text('error')}, 'test')`.execute(t.owner);

  const found = new Map<string, number>();
  for (const name of a.deps.resources.keys()) {
    const id = await idOf(admin, name);
    if (id !== null) found.set(name, id);
  }
  return found;
}

async function idOf(ask: Ask, resource: string): Promise<number | null> {
  const [row] = (await (await ask('GET', `/api/${resource}?_start=0&_end=1&_sort=id`)).json()) as Row[];
  return row ? (row.id as number) : null;
}

async function make(
  ask: Ask,
  path: string,
  body: Json,
  { method = 'POST', headers = {} }: { method?: string; headers?: { [name: string]: string } } = {},
): Promise<void> {
  const answer = await ask(method, `/api/${path}`, body, headers);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}
