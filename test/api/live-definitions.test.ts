import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Meta, Row } from '../../api/contract.ts';
import { hearEvents } from '../../api/event-listener.ts';
import { heedChanges } from '../../api/heed-changes.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

/** A layer made of the tiers: products are called like the lowest tier, and its description says who may read their names. */
const LAYER = `
export const reads = ['tiers'];
export async function overlay(db, resources) {
  const { name, description } = await db.selectFrom('app.tiers').selectAll().orderBy('rank').limit(1).executeTakeFirst();
  if (name === 'broken') throw new Error('a layer that fails');
  const products = resources.get('products');
  const fields = { ...products.fields };
  if (description === 'secret') fields.name = { ...fields.name, access: { read: ['manager'] } };
  return new Map(resources).set('products', { ...products, label: [name, name], fields });
}
`;

const folder = mkdtempSync(join(tmpdir(), 'evergreen-overlays-'));
let database: TestDatabase;
let here: TestApp;
let tier: { id: number };

beforeAll(async () => {
  database = await testDatabase();
  writeFileSync(join(folder, 'products.ts'), LAYER);
  tier = await database.db
    .insertInto('app.tiers')
    .values({ code: 'regular', name: 'Things', name_en: 'Regular', rank: 0, window_days: 365, enter_at: '0' })
    .returning('id')
    .executeTakeFirstOrThrow();
  here = await testApp(database, { overlays: folder });
  await database.db.insertInto('app.products').values({ external_id: 'A1', name: 'Kettle' }).execute();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.close();
});

async function change(values: Row): Promise<void> {
  const response = await here.as('operator')('PATCH', `/api/tiers/${tier.id}`, values);
  expect(response.status).toBe(200);
}

async function label(app = here): Promise<string> {
  const meta = (await (await app.as('viewer')('GET', '/api/_meta')).json()) as Meta;
  return meta.resources.find((each) => each.name === 'products')!.label[1];
}

test('what a screen changed is in force for the next request, and a reader with kept statements sees it too', async () => {
  const names = async () => (await (await here.as('viewer')('GET', '/api/products?_start=0&_end=5')).json()) as Row[];
  expect((await names())[0]).toHaveProperty('name', 'Kettle');

  await change({ name: 'Goods', description: 'secret' });

  expect(await label()).toBe('Goods');
  expect((await names())[0]).not.toHaveProperty('name');
  const one = (await (await here.as('viewer')('GET', `/api/products/${String((await names())[0]!.id)}`)).json()) as Row;
  expect(one).not.toHaveProperty('name');
  expect((await here.as('viewer')('GET', '/api/products?q=kettle&name=Kettle')).status).toBe(403);
  const sorted = await here.as('viewer')('GET', '/api/products?_sort=name&_start=0&_end=5');
  expect(sorted.status).toBe(403);
});

test('another process hears of it', async () => {
  const elsewhere = await testApp(database, { overlays: folder, people: here });
  const { heard, listening, deafen } = heed(elsewhere);
  await listening();
  await change({ name: 'Wares' });
  await heard;

  expect(await label(elsewhere)).toBe('Wares');
  deafen();
});

test('what another process could not hear it takes up as soon as it listens again', async () => {
  const elsewhere = await testApp(database, { overlays: folder, people: here });
  const { listening, deafen } = heed(elsewhere);
  await listening();
  expect(await label(elsewhere)).toBe('Wares');
  const again = listening();
  await cutListener();
  await database.db.updateTable('app.tiers').set({ name: 'Unheard' }).where('id', '=', tier.id).execute();
  expect(await label(elsewhere)).toBe('Wares');
  await again;

  expect(await label(elsewhere)).toBe('Unheard');
  deafen();
});

/** As a server does, and told when it has heard of something, and when it listens, from now on or again. */
function heed({ deps }: TestApp) {
  const heard = Promise.withResolvers<void>();
  let begun: () => void = () => {};
  const listening = () => new Promise<void>((resolve) => (begun = resolve));
  const stops = [heedChanges(deps), hearEvents(deps, { tell: () => heard.resolve(), listening: () => begun() })];
  return {
    heard: heard.promise,
    listening,
    deafen: () => {
      for (const stop of stops) stop();
    },
  };
}

/** As a network does that drops it. */
async function cutListener(): Promise<void> {
  const { rows } = await sql<{ cut: boolean }>`
    select pg_terminate_backend(pid) as cut
    from pg_stat_activity
    where application_name = 'evergreen events' and datname = current_database()
  `.execute(database.owner);
  expect(rows.length).toBeGreaterThan(0);
}

test('a layer that fails leaves the definitions as they were', async () => {
  const before = await label();
  await change({ name: 'broken' });

  expect(await label()).toBe(before);
  await change({ name: 'Goods again' });
  expect(await label()).toBe('Goods again');
});
