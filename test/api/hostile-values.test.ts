/**
 * Every field of every resource is given values of every other kind, in a new record, in one that is there, in many, in a
 * proposal. Each wrong one is refused by the name of its field, in the language of who asks, and nothing of it is written.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Field, FieldKind, Lang, Resource } from '../../api/contract.ts';
import { loosely } from '../../api/storage/loose-tables.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { oneOfEach } from '../one-of-each.ts';

let t: TestDatabase;
let a: TestApp;
let admin: Ask;
let all: Resource[];
/** A record of each resource that has one. */
let first: Map<string, number>;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  admin = a.as('administrator');
  all = [...a.deps.resources.values()];
  first = await oneOfEach({ t, a });
});
afterAll(() => t?.close());

const TEXTS: FieldKind[] = ['text', 'longtext', 'password'];
/** What is sent, as JSON, and the kinds of field that may take it. All others must refuse it. */
const VALUES: { [title: string]: [json: string, takes: FieldKind[]] } = {
  'a boolean': ['true', ['boolean']],
  'a fraction': ['0.5', ['decimal', 'money', 'rate']],
  'a number below zero': ['-1.5', ['decimal', 'money']],
  'a number beyond all': ['1e400', []],
  'a number beyond exactness': ['9007199254740993', []],
  'an object': ['{"a":1}', []],
  'an object that hides its own methods': [
    '{"toString":1,"valueOf":1,"hasOwnProperty":1,"constructor":{"prototype":1}}',
    [],
  ],
  'a list of lists': ['[[1]]', []],
  'a list with nothing in it but null': ['[null]', []],
  'a list of objects': ['[{"toString":1}]', []],
  'a list of a hundred thousand': [`[${'1,'.repeat(99_999)}1]`, []],
  'an empty list': ['[]', ['choices', 'tags', 'refs', 'items', 'rows']],
  'the word NaN': ['"NaN"', TEXTS],
  'the word Infinity': ['"-Infinity"', TEXTS],
  'digits of another script': ['"٣"', TEXTS],
  'a control character': ['"a\\u0007b"', ['password']],
  'two hundred thousand letters': [`"${'x'.repeat(200_000)}"`, []],
  SQL: [`"'; drop table app.users; --"`, TEXTS],
  'what reads backwards and what is not seen': ['"\\u202egnp.exe\\u200b\\u2066"', TEXTS],
  'an emoji of eleven code units': ['"👨‍👩‍👧‍👦"', TEXTS],
  'a variable': ['"$me"', TEXTS],
  'a day that is none': ['"2026-02-30"', TEXTS],
  'a day beyond the calendar': ['"10000-01-01"', TEXTS],
};

/** Fields that must speak up: shown whatever the other values are. */
function asked({ fields }: Resource): [string, Field][] {
  return Object.entries(fields).filter(([, field]) => !field.showWhen);
}

function named(errors: object, name: string): boolean {
  return Object.keys(errors).some((path) => path === name || path.startsWith(`${name}.`));
}

/** The language that the answers after it are asked in. */
function speak(lang: Lang): void {
  admin = (method, path, body, headers = {}) =>
    a.as('administrator')(method, path, body, { 'accept-language': lang, ...headers });
}

async function counts(): Promise<{ [table: string]: number }> {
  const tables = [...new Set([...all.map(({ table }) => table), 'app.audit_entries', 'app.change_requests'])];
  const found: { [table: string]: number } = {};
  for (const table of tables) {
    const row = await loosely(t.owner)
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    found[table] = Number(row.n);
  }
  return found;
}

/** One body with the value in every field, e.g. '{"name":[[1]],"price":[[1]]}'. */
function everywhere(resource: Resource, json: string): string {
  return `{${asked(resource)
    .map(([name]) => `${JSON.stringify(name)}:${json}`)
    .join()}}`;
}

async function expectNamed(
  answer: Response,
  resource: Resource,
  takes: readonly FieldKind[],
  lang: Lang,
): Promise<void> {
  const body = (await answer.json()) as ApiError;
  const told = `${resource.name} ${answer.status} ${JSON.stringify(body).slice(0, 600)}`;
  expect(answer.status, told).toBeGreaterThanOrEqual(400);
  expect(answer.status, told).toBeLessThan(500);
  const errors = body.errors ?? {};
  const silent = asked(resource).filter(([name, field]) => !takes.includes(field.kind) && !named(errors, name));
  expect(
    silent.map(([name, { kind }]) => `${resource.name}.${name} (${kind})`),
    told,
  ).toEqual([]);
  for (const [path, { message }] of Object.entries(errors)) {
    expect(message.length, path).toBeGreaterThan(3);
    if (lang === 'zh') expect(message, path).toMatch(/\p{Script=Han}/u);
    else expect(message, path).not.toMatch(/\p{Script=Han}/u);
  }
}

/** What is large goes to one field of each kind, in a body of its own. */
function bodies(resource: Resource, json: string, seen: Set<FieldKind>): { only: Resource; body: string }[] {
  if (json.length < 10_000) return [{ only: resource, body: everywhere(resource, json) }];
  return asked(resource).flatMap(([name, field]) => {
    if (seen.has(field.kind)) return [];
    seen.add(field.kind);
    const only = { ...resource, fields: { [name]: field } };
    return [{ only, body: everywhere(only, json) }];
  });
}

describe.each(Object.entries(VALUES))('%s', (_, [json, takes]) => {
  test('is refused by every field of another kind, and leaves nothing', async () => {
    const before = await counts();
    for (const [lang, method] of [
      ['zh', 'POST'],
      ['en', 'PATCH'],
    ] as const) {
      speak(lang);
      const seen = new Set<FieldKind>();
      for (const resource of all) {
        const offers = resource.offers ?? 'crudix';
        const id = first.get(resource.name);
        if (method === 'POST' ? !offers.includes('c') : !offers.includes('u') || id === undefined) continue;
        const path = method === 'POST' ? `/api/${resource.name}` : `/api/${resource.name}/${id}`;
        for (const { only, body } of bodies(resource, json, seen)) {
          await expectNamed(await admin(method, path, body), only, takes, lang);
        }
      }
    }
    expect(await counts()).toEqual(before);
  });
});

test('many records, and a change that is to wait, are refused like one', { timeout: 60_000 }, async () => {
  const before = await counts();
  speak('en');
  for (const resource of all) {
    const id = first.get(resource.name);
    if (id === undefined || !(resource.offers ?? 'crudix').includes('u')) continue;
    for (const json of ['{"toString":1}', '1e400']) {
      const values = everywhere(resource, json);
      const proposed = await admin('POST', `/api/${resource.name}/_propose`, `{"id":${id},"values":${values}}`);
      expect([resource.name, json, proposed.status]).toEqual([resource.name, json, 422]);
      for (const [name] of asked(resource)) {
        const set = `{"ids":[${id}],"set":{${JSON.stringify(name)}:${json}}}`;
        const answer = await admin('POST', `/api/${resource.name}/_bulk`, set);
        const body = (await answer.json()) as ApiError;
        expect([400, 403, 422], JSON.stringify(body)).toContain(answer.status);
        const errors = { ...body.errors, ...body.rows?.[0]?.errors };
        expect(named(errors, name) || Object.keys(errors).length > 0, JSON.stringify(body)).toBe(true);
      }
    }
  }
  expect(await counts()).toEqual(before);
});

test('names that every object has are unknown fields like others', async () => {
  speak('zh');
  for (const resource of all.filter(({ offers = 'crudix' }) => offers.includes('c'))) {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'prototype', 'id', 'version', 'extras', '$ne']) {
      const answer = await admin('POST', `/api/${resource.name}`, { [name]: 1 });
      const { errors = {} } = (await answer.json()) as ApiError;
      expect([resource.name, answer.status, Object.hasOwn(errors, name)]).toEqual([resource.name, 422, true]);
      expect(errors[name]!.message).toMatch(/\p{Script=Han}/u);
    }
    const proto = await admin('POST', `/api/${resource.name}`, '{"__proto__":{"name":"x"}}');
    expect(proto.status).toBe(400);
  }
});

test('an action’s input is held to its fields, for one record and for many', async () => {
  const before = await counts();
  speak('en');
  for (const resource of all) {
    for (const [action, { input = {}, scope }] of Object.entries(resource.actions ?? {})) {
      for (const [json, takes] of Object.values(VALUES).filter(([text]) => text.length < 10_000)) {
        const given = Object.entries(input).filter(([, field]) => !field.showWhen && !takes.includes(field.kind));
        if (given.length === 0) continue;
        const body = `{${given.map(([name]) => `${JSON.stringify(name)}:${json}`).join()}}`;
        const scopes = [scope].flat();
        const id = first.get(resource.name) ?? 1;
        const paths = [
          ...(scopes.includes('record') ? [[`${id}/_actions/${action}`, body]] : []),
          ...(scopes.includes('resource') ? [[`_actions/${action}`, body]] : []),
          ...(scopes.includes('bulk') ? [[`_bulk_actions/${action}`, `{"ids":[${id}],"input":${body}}`]] : []),
        ] as const;
        for (const [path, sent] of paths) {
          const answer = await admin('POST', `/api/${resource.name}/${path}`, sent!);
          const { errors = {} } = (await answer.json()) as ApiError;
          expect([resource.name, path, json, answer.status]).toEqual([resource.name, path, json, 422]);
          expect(given.filter(([name]) => !named(errors, name)).map(([name]) => `${path}: ${name}`)).toEqual([]);
        }
      }
    }
  }
  expect(await counts()).toEqual(before);
});
