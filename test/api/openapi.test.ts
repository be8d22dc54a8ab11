import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lang, Row } from '../../api/contract.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

type Schema = { [keyword: string]: unknown };
interface Operation {
  operationId: string;
  parameters?: Schema[];
  requestBody?: { content: { [type: string]: { schema: Schema } } };
  responses: { [status: string]: Schema & { $ref?: string; content?: { [type: string]: { schema: Schema } } } };
}
interface Document extends Schema {
  paths: { [path: string]: { [method: string]: Operation } };
  components: { schemas: { [name: string]: Schema }; responses: { [name: string]: Operation['responses'][string] } };
}

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
});
afterAll(() => t?.close());

async function documentOf(person: Person, lang: Lang = 'en'): Promise<Document> {
  await t.db.updateTable('app.users').set({ lang }).where('id', '=', a.id(person)).execute();
  a.deps.definitions.changed('users');
  const answer = await a.as(person)('GET', '/api/openapi.json');
  expect(answer.status).toBe(200);
  return (await answer.json()) as Document;
}

/** Checks what came back against what the document says comes back with that status. */
async function conforms(doc: Document, method: string, path: string, answer: Response): Promise<unknown> {
  const operation = doc.paths[path]?.[method.toLowerCase()];
  expect(operation, `${method} ${path} is documented`).toBeDefined();
  let said = operation!.responses[String(answer.status)];
  expect(said, `${method} ${path} says ${answer.status}`).toBeDefined();
  if (said!.$ref) said = doc.components.responses[said!.$ref.split('/').at(-1)!];
  const body: unknown = await answer.json();
  const schema = said!.content!['application/json']!.schema;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const check = ajv.compile({ ...schema, components: doc.components } as Schema);
  expect(check(body), JSON.stringify([check.errors, body]).slice(0, 1500)).toBe(true);
  return body;
}

describe('the document', () => {
  test.each<[Person, Lang]>([
    ['administrator', 'zh'],
    ['operator', 'en'],
    ['viewer', 'zh'],
    ['analyst', 'en'],
  ])('of the %s (%s) is valid OpenAPI 3.1', async (person, lang) => {
    const doc = await documentOf(person, lang);
    const result = await new Validator().validate(
      structuredClone(doc) as unknown as Parameters<Validator['validate']>[0],
    );
    expect(JSON.stringify(result.errors ?? []).slice(0, 2000)).toBe('[]');
    expect(result.valid).toBe(true);
    expect(doc.openapi).toMatch(/^3\.1\./);
    const ids = Object.values(doc.paths).flatMap((methods) => Object.values(methods).map((each) => each.operationId));
    expect(new Set(ids).size).toBe(ids.length);
    for (const ref of JSON.stringify(doc).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
      expect(doc.components, ref[0]).toHaveProperty([ref[1]!, ref[2]!]);
    }
  });

  test('has what the caller may use and nothing else', async () => {
    const viewer = await documentOf('viewer');
    expect(viewer.paths['/api/tiers']).toHaveProperty('get');
    expect(viewer.paths['/api/tiers']).not.toHaveProperty('post');
    expect(viewer.paths).not.toHaveProperty('/api/audit_entries');
    expect(viewer.paths).not.toHaveProperty('/api/v1/orders');
    expect(JSON.stringify(viewer.components.schemas.products)).not.toContain('unit_cost');
    const operator = await documentOf('operator');
    expect(operator.paths['/api/v1/orders']).toHaveProperty('post');
    expect(JSON.stringify(operator.components.schemas.products)).toContain('unit_cost');
    const input = { name: 'x', scopes: ['tiers:r'], days: 1 };
    const issued = await a.as('operator')('POST', '/api/api_tokens/_actions/issue', input);
    const { secret } = (await issued.json()) as { secret: string };
    const by_token = await a.anyone('GET', '/api/openapi.json', undefined, { authorization: `Bearer ${secret}` });
    const narrow = (await by_token.json()) as Document;
    const paths = Object.keys(narrow.paths).filter((path) => !path.startsWith('/api/tiers'));
    expect(paths).toEqual([]);
    expect(narrow.paths['/api/tiers']).not.toHaveProperty('post');
  });

  test.each(['administrator', 'operator', 'viewer', 'customer_service'] as const)(
    'promises the %s nothing that the server refuses, and every list answers as it says',
    { timeout: 120_000 },
    async (person) => {
      await a.as('operator')('POST', '/api/customers', { external_id: 'asked' });
      const doc = await documentOf(person);
      for (const [path, methods] of Object.entries(doc.paths)) {
        if (!methods.get || path.includes('{') || path.includes('_export')) continue;
        const whose = ['/api/v1/benefits', '/api/v1/coupons'].includes(path) ? '?customer_external_id=asked' : '';
        const answer = await a.as(person)('GET', `${path}${whose}`);
        expect([path, answer.status]).toEqual([path, 200]);
        await conforms(doc, 'GET', path, answer);
      }
    },
  );
});

describe('operations done exactly as documented', () => {
  test('a record is created, read, changed and deleted', async () => {
    const doc = await documentOf('operator');
    const ask = a.as('operator');
    const schema = doc.components.schemas.tiers_new as { required: string[]; properties: { [name: string]: Schema } };
    const made = {
      code: 'doc',
      name: '文档',
      name_en: 'Documented',
      rank: 70,
      color: '#336699',
      window_days: 365,
      enter_at: '100',
    };
    const body: Row = Object.fromEntries(Object.entries(made).filter(([name]) => name in schema.properties));
    for (const name of schema.required) {
      if (body[name] !== undefined) continue;
      const { enum: choices } = schema.properties[name] as { enum?: string[] };
      body[name] = choices?.[0] ?? 'x';
    }
    const created = await ask('POST', '/api/tiers', body, { 'idempotency-key': 'doc-1' });
    expect(created.status, await created.clone().text()).toBe(201);
    const record = (await conforms(doc, 'POST', '/api/tiers', created)) as Row;
    const path = `/api/tiers/${record.id}`;
    await conforms(doc, 'GET', '/api/tiers/{id}', await ask('GET', path));
    const etag = created.headers.get('etag') ?? (await ask('GET', path)).headers.get('etag')!;
    const changed = await ask('PATCH', path, { name: '改过' }, { 'if-match': etag });
    expect(changed.status).toBe(200);
    await conforms(doc, 'PATCH', '/api/tiers/{id}', changed);
    const stale = await ask('PATCH', path, { name: '再改' }, { 'if-match': etag });
    expect(stale.status).toBe(412);
    await conforms(doc, 'PATCH', '/api/tiers/{id}', stale);
    const wrong = await ask('PATCH', path, { rank: 'x' });
    expect(wrong.status).toBe(422);
    await conforms(doc, 'PATCH', '/api/tiers/{id}', wrong);
    await conforms(doc, 'GET', '/api/tiers/{id}/_history', await ask('GET', `${path}/_history`));
    const gone = await ask('DELETE', path);
    expect(gone.status).toBe(200);
    await conforms(doc, 'DELETE', '/api/tiers/{id}', gone);
    await conforms(doc, 'GET', '/api/tiers/{id}', await ask('GET', path));
  });

  test('a list takes its documented filters, and refuses what is not documented', async () => {
    const doc = await documentOf('operator');
    const filter = doc.paths['/api/customers']!.get!.parameters!.find((each) => each.name === 'filter')!;
    const [pattern] = Object.keys((filter.schema as { patternProperties: Schema }).patternProperties);
    const documented = (name: string) => new RegExp(pattern!, 'u').test(name);
    for (const [name, value] of [
      ['province', 'x'],
      ['province_like', 'x'],
      ['enrolled_on_between', '2026-01-01,2026-02-01'],
      ['gender_in', 'male,female'],
      ['id_gt', '5'],
    ] as const) {
      expect(documented(name)).toBe(true);
      expect((await a.as('operator')('GET', `/api/customers?${name}=${value}`)).status).toBe(200);
    }
    for (const name of ['nothing', 'province_resembles', 'province__like']) {
      expect(documented(name)).toBe(false);
      const answer = await a.as('operator')('GET', `/api/customers?${name}=x`);
      expect(answer.status).toBe(400);
      await conforms(doc, 'GET', '/api/customers', answer);
    }
  });

  test('an order is sent, sent again, and refused with its field', async () => {
    const doc = await documentOf('operator');
    const order = {
      external_id: 'doc-1',
      placed_at: '2026-02-01T10:00:00Z',
      lines: [{ sku: 'T', quantity: 2, unit_price: '3.50' }],
    };
    const send = (body: unknown) => a.as('operator')('POST', '/api/v1/orders', body);
    for (const [body, status] of [
      [order, 201],
      [order, 200],
      [[order, { external_id: '' }], 200],
      [{ ...order, external_id: 'doc-2', placed_at: 'x' }, 422],
    ] as const) {
      const answer = await send(body);
      expect(answer.status).toBe(status);
      await conforms(doc, 'POST', '/api/v1/orders', answer);
    }
  });

  test('an action answers, and an unknown token is a 401', async () => {
    const doc = await documentOf('operator');
    const input = { name: 'x', scopes: ['tiers:r'], days: 1 };
    const path = '/api/api_tokens/_actions/issue';
    await conforms(doc, 'POST', path, await a.as('operator')('POST', path, input));
    await conforms(doc, 'POST', path, await a.as('operator')('POST', path, { ...input, days: 0 }));
    await conforms(
      doc,
      'GET',
      '/api/tiers',
      await a.anyone('GET', '/api/tiers', undefined, { authorization: 'Bearer x' }),
    );
  });

  test('the document comes again only when it changed', async () => {
    const first = await a.as('viewer')('GET', '/api/openapi.json');
    const again = await a.as('viewer')('GET', '/api/openapi.json', undefined, {
      'if-none-match': first.headers.get('etag')!,
    });
    expect(again.status).toBe(304);
  });
});
