/** What staff say must be agreed to waits, whichever way it comes; and nothing else does. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiError, ChangeDiff, Meta, Row } from '../../api/contract.ts';
import { runJob } from '../../api/jobs.ts';
import { openSession, SESSION_COOKIE } from '../../api/sign-in/sessions.ts';
import { type Ask, testApp } from '../app.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
let admin: Ask;
let operator: Ask;
let manager: Ask;
let reviewer: Ask;
beforeAll(async () => {
  bench = await importBench();
  admin = bench.app.as('administrator');
  operator = bench.app.as('operator');
  manager = bench.app.as('manager');
  reviewer = bench.app.as('reviewer');
});
afterAll(() => bench?.close());

let count = 0;
beforeEach(async () => {
  await bench.t.db.deleteFrom('app.approval_rules').execute();
  bench.app.deps.definitions.changed('approval_rules');
  count++;
});

async function answer<T = Row>(response: Response | Promise<Response>, status = 200): Promise<T> {
  const found = await response;
  const text = await found.text();
  expect(`${found.status} ${text}`).toMatch(new RegExp(`^${status} `));
  return (text ? JSON.parse(text) : null) as T;
}

const PRICY = { price: { gt: '100' } };
const addRule = (values: Row = {}, ask = admin) =>
  answer(
    ask('POST', '/api/approval_rules', {
      ...{ resource: 'products', name: `规则 ${++count}`, name_en: `Rule ${count}`, roles: ['manager'] },
      ...values,
    }),
    201,
  );
const addProduct = (values: Row = {}) =>
  answer(
    operator('POST', '/api/products', {
      external_id: `P-${++count}`,
      name: `Product ${count}`,
      price: '10',
      ...values,
    }),
    201,
  );
const product = (id: unknown) => answer(operator('GET', `/api/products/${String(id)}`));
const patch = (id: unknown, values: Row, ask = operator) => ask('PATCH', `/api/products/${String(id)}`, values);
const decide = (request: Row, ask: Ask, name = 'approve', input: Row = {}) =>
  ask('POST', `/api/change_requests/${String(request.id)}/_actions/${name}`, input);
const stateOf = async (request: Row) =>
  (await answer(admin('GET', `/api/change_requests/${String(request.id)}`))).state;
const diffOf = (request: Row, ask = manager) =>
  answer<ChangeDiff>(ask('GET', `/api/change_requests/${String(request.id)}/_diff`));

describe('a rule', () => {
  test('is in force for the next request, and no longer once it is switched off', async () => {
    const { id } = await addProduct();
    await answer(patch(id, { price: '500' }));
    const rule = await addRule({ condition: PRICY });
    const waiting = await answer(patch(id, { name: 'Dear' }), 202);
    expect(waiting).toMatchObject({ state: 'in_review', action: 'update', needs_consent: true });
    const cheap = await addProduct();
    await answer(patch(cheap.id, { name: 'Cheap' }));
    await answer(admin('PATCH', `/api/approval_rules/${String(rule.id)}`, { active: false }));
    await answer(patch(id, { name: 'Dearer' }));
  });

  test('is in force in another process as soon as that one hears of it', async () => {
    const other = await testApp(bench.t, { people: bench.app });
    const { id } = await addProduct();
    await addRule();
    other.deps.definitions.changed('approval_rules');
    expect((await other.as('operator')('PATCH', `/api/products/${String(id)}`, { name: 'x' })).status).toBe(202);
  });

  test('asks only about the changes it names', async () => {
    await addRule({ occasions: ['delete'] });
    const { id } = await addProduct();
    await answer(patch(id, { name: 'Free' }));
    const gone = await answer(operator('DELETE', `/api/products/${String(id)}`), 202);
    await answer(decide(gone, manager));
    expect((await operator('GET', `/api/products/${String(id)}`)).status).toBe(404);
  });

  test.each<[string, Row, string]>([
    ['a condition about a field that is not there', { condition: { colour: { eq: 'red' } } }, 'condition'],
    ['a condition that is none', { condition: ['price'] }, 'condition'],
    ['a value of another type', { condition: { price: { gt: 'much' } } }, 'condition'],
    ['nobody to agree', { roles: [] }, 'roles'],
    ['nothing to ask about', { occasions: [] }, 'occasions'],
    ['what cannot be changed', { resource: 'order_lines' }, 'resource'],
    ['what is everybody’s own', { resource: 'saved_views' }, 'resource'],
    ['what does not exist', { resource: 'nothing' }, 'resource'],
    ['a role that does not see it', { resource: 'roles', roles: ['manager'] }, 'roles'],
    ['a role that sees no change requests', { roles: ['viewer'] }, 'roles'],
  ])('with %s is refused and named', async (_, values, field) => {
    const body = { resource: 'products', name: `x${count}`, name_en: 'x', roles: ['manager'], ...values };
    const refused = await answer<ApiError>(admin('POST', '/api/approval_rules', body), 422);
    expect(Object.keys(refused.errors!).map((path) => path.split('.')[0])).toContain(field);
  });

  test('is made by administrators alone, and read by those who decide', async () => {
    await addRule();
    for (const ask of [operator, manager, reviewer])
      expect((await ask('POST', '/api/approval_rules', {})).status).toBe(403);
    expect((await manager('GET', '/api/approval_rules')).status).toBe(200);
  });

  test('keeps the field that staff added and it asks about', async () => {
    const field = await answer(
      operator('POST', '/api/custom_fields', {
        ...{ resource: 'products', key: `danger_${count}`, kind: 'integer', label: '危险等级', label_en: 'Danger' },
      }),
      201,
    );
    const key = `danger_${count}`;
    const rule = await addRule({ condition: { [key]: { gte: 3 } } });
    const meta = await answer<Meta>(operator('GET', '/api/_meta'));
    expect(meta.resources.find((each) => each.name === 'products')!.approval).toHaveLength(1);
    const { id } = await addProduct();
    await answer(patch(id, { [key]: 3 }), 202);
    await answer(patch(id, { [key]: 2 }));
    const path = `/api/custom_fields/${String(field.id)}`;
    expect((await operator('DELETE', path)).status).toBe(409);
    expect((await operator('PATCH', path, { active: false })).status).toBe(409);
    await answer(admin('DELETE', `/api/approval_rules/${String(rule.id)}`));
    await answer(operator('PATCH', path, { active: false }));
    await answer<ApiError>(
      admin('POST', '/api/approval_rules', {
        ...{ resource: 'products', name: 'late', name_en: 'late', roles: ['manager'], condition: { [key]: { eq: 1 } } },
      }),
      422,
    );
  });

  test('whose field is gone all the same asks about everything', async () => {
    await bench.t.db
      .insertInto('app.approval_rules')
      .values({
        ...{ resource: 'products', name: 'old', name_en: 'old', roles: ['manager'] },
        condition: JSON.stringify({ long_gone: { eq: 'x' } }),
      })
      .execute();
    bench.app.deps.definitions.changed('approval_rules');
    expect((await operator('POST', '/api/products', { external_id: 'G-1', name: 'g', price: '1' })).status).toBe(202);
  });

  test('looks at what a record becomes in the end, not only at what was sent', async () => {
    // The number is given when the record is stored.
    await addRule({ occasions: ['create'], condition: { id: { gt: 0 } } });
    expect((await operator('POST', '/api/products', { external_id: `E-${count}`, name: 'e', price: '1' })).status).toBe(
      202,
    );
    const { total } = await bench.t.db
      .selectFrom('app.products')
      .select((row) => row.fn.countAll<number>().as('total'))
      .where('external_id', '=', `E-${count}`)
      .executeTakeFirstOrThrow();
    expect(Number(total)).toBe(0);
  });
});

describe('who agrees', () => {
  test('two rules want somebody for each; an administrator settles both', async () => {
    const { id } = await addProduct();
    await addRule({ roles: ['manager'] });
    await addRule({ roles: ['reviewer'] });
    const one = await answer(patch(id, { name: 'Both' }), 202);
    expect((await diffOf(one)).consents.map((each) => each.agreed)).toEqual([null, null]);
    expect((await answer(decide(one, manager))).message).toContain('others');
    expect((await diffOf(one)).consents.map((each) => each.agreed)).toEqual(['Test manager', null]);
    expect(await product(id)).not.toMatchObject({ name: 'Both' });
    await answer(decide(one, reviewer));
    expect(await product(id)).toMatchObject({ name: 'Both' });

    const two = await answer(patch(id, { name: 'Boss' }), 202);
    await answer(decide(two, admin));
    expect(await product(id)).toMatchObject({ name: 'Boss' });
  });

  test('roles outside the rule cannot, nor the author, though they hold the role', async () => {
    const { id } = await addProduct();
    await addRule({ roles: ['manager', 'operator'] });
    const waiting = await answer(patch(id, { name: 'Mine' }), 202);
    for (const ask of [operator, reviewer, bench.app.as('analyst'), bench.app.as('viewer')])
      expect([403, 409]).toContain((await decide(waiting, ask)).status);
    // Another operator may: the rule says so, although operators otherwise decide nothing.
    await answer(decide(waiting, bench.app.as('pii')));
    expect(await product(id)).toMatchObject({ name: 'Mine' });
  });

  test('an administrator beside whom there is nobody is not kept from working, and the history says so', async () => {
    const { id } = await addProduct();
    await addRule({ resource: 'products', roles: ['administrator'] });
    const others = bench.t.db
      .updateTable('app.users')
      .where(sql<boolean>`'administrator' = any (roles)`)
      .where('id', '<>', bench.app.id('administrator'));
    await others.set({ status: 'disabled' }).execute();
    await answer(patch(id, { name: 'Alone' }, admin));
    const [entry] = await answer<Row[]>(admin('GET', `/api/products/${String(id)}/_history`));
    expect(entry!.reason).toContain('nobody else');
    expect((await patch(id, { name: 'Not alone' })).status).toBe(202);
    await others.set({ status: 'active' }).execute();
  });

  test('32 decisions at once: exactly one applies', async () => {
    const { id } = await addProduct();
    await addRule();
    const waiting = await answer(patch(id, { name: 'Once' }), 202);
    const people = [manager, admin];
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, at) =>
        decide(
          waiting,
          people[at % 2]!,
          at % 4 === 3 ? 'reject' : 'approve',
          at % 4 === 3 ? { decision_note: 'no' } : {},
        ),
      ),
    );
    expect(answers.filter((each) => each.status === 200)).toHaveLength(1);
    const { version, name } = await product(id);
    const rejected = (await stateOf(waiting)) === 'rejected';
    expect({ version, name }).toEqual(
      rejected ? { version: 1, name: expect.any(String) } : { version: 2, name: 'Once' },
    );
  });

  test('32 people who save the same field at once, each agreed to: one is applied, the others are told', async () => {
    const { id } = await addProduct();
    await addRule();
    const made = await Promise.all(Array.from({ length: 32 }, (_, at) => answer(patch(id, { name: `N${at}` }), 202)));
    const answers = await Promise.all(made.map((each) => decide(each, manager)));
    expect(answers.filter((each) => each.status === 200)).toHaveLength(1);
    expect(answers.filter((each) => each.status === 409)).toHaveLength(31);
    expect(await product(id)).toMatchObject({ version: 2 });
  });
});

describe('nothing slips past', () => {
  test('a new record, a deletion, a restore and a revert wait, and are done when agreed to', async () => {
    const made = await addProduct({ name: 'First' });
    await answer(patch(made.id, { name: 'Second' }));
    await addRule();
    const fresh = await answer(
      operator('POST', '/api/products', { external_id: `N-${count}`, name: 'n', price: '5' }),
      202,
    );
    await answer(decide(fresh, manager));
    expect((await answer<Row[]>(operator('GET', `/api/products?external_id=N-${count}`))).length).toBe(1);

    const [last] = await answer<Row[]>(operator('GET', `/api/products/${String(made.id)}/_history`));
    const revert = await answer(operator('POST', `/api/products/${String(made.id)}/_revert`, { entry: last!.id }), 202);
    await answer(decide(revert, manager));
    expect(await product(made.id)).toMatchObject({ name: 'First' });

    const removal = await answer(operator('DELETE', `/api/products/${String(made.id)}`), 202);
    await answer(decide(removal, manager));
    const [entry] = await answer<Row[]>(operator('GET', `/api/products/_trash?record_id=${String(made.id)}`));
    const back = await answer(operator('POST', `/api/products/_trash/${String(entry!.entry)}/_restore`), 202);
    expect(await diffOf(back)).toMatchObject({ action: 'restore', changes: { name: { after: 'First' } } });
    expect((await operator('GET', `/api/products/${String(made.id)}`)).status).toBe(404);
    await answer(decide(back, manager));
    expect(await product(made.id)).toMatchObject({ id: made.id, name: 'First' });
  });

  test('of many at once those wait that need consent, and the others are saved; an undo is refused', async () => {
    const [cheap, ...dear] = [
      await addProduct(),
      await addProduct({ price: '500' }),
      await addProduct({ price: '600' }),
    ];
    const ids = [cheap, ...dear].map((each) => each!.id);
    const done = await answer(operator('POST', '/api/products/_bulk', { ids, set: { category: 'Tea' } }));
    await addRule({ condition: PRICY });
    const requests = () =>
      answer<Row[]>(
        manager(
          'GET',
          `/api/change_requests?state=in_review&record_id=${dear.map((each) => each.id).join('&record_id=')}`,
        ),
      );
    const set = { category: 'Herbs' };
    const undo = operator('POST', `/api/products/_bulk/${String(done.bulk_id)}/_undo`);
    const undone = await answer<ApiError>(undo, 422);
    expect(undone.rows!.map((row) => row.errors['']!.key)).toEqual(['needs_consent', 'needs_consent']);
    const trial = await answer(operator('POST', '/api/products/_bulk', { ids, set, dry_run: true }));
    expect(trial).toMatchObject({ matched: 3, changed: 1, unchanged: 0, proposed: 2, wrong: 0 });
    expect(await requests()).toEqual([]);
    const saved = await answer(operator('POST', '/api/products/_bulk', { ids, set, reason: 'Autumn' }));
    expect(saved).toMatchObject({ matched: 3, changed: 1, unchanged: 0, proposed: 2, bulk_id: expect.any(Number) });
    expect((await product(cheap!.id)).category).toBe('Herbs');
    expect((await product(dear[0]!.id)).category).toBe('Tea');
    const waiting = await requests();
    expect(waiting).toHaveLength(2);
    expect(waiting[0]).toMatchObject({ action: 'update', note: 'Autumn' });
    for (const request of waiting) await answer(decide(request, manager));
    expect((await product(dear[1]!.id)).category).toBe('Herbs');

    const gone = await answer(operator('POST', '/api/products/_bulk', { ids, delete: true }));
    expect(gone).toMatchObject({ changed: 1, proposed: 2 });
    expect((await operator('GET', `/api/products/${String(cheap!.id)}`)).status).toBe(404);
    for (const request of await requests()) await answer(decide(request, manager));
    expect((await operator('GET', `/api/products/${String(dear[0]!.id)}`)).status).toBe(404);

    const last = [await addProduct(), await addProduct()].map((each) => each.id);
    const free = await answer(operator('POST', '/api/products/_bulk', { ids: last, set: { price: '700' } }), 200);
    expect(free).toMatchObject({ changed: 0, proposed: 2, bulk_id: null });
  });

  test('more than anybody would read through are not proposed at once', async () => {
    await addRule();
    const made = await bench.t.db
      .insertInto('app.products')
      .values(Array.from({ length: 201 }, (_, at) => ({ external_id: `many-${count}-${at}`, name: `Many ${at}` })))
      .returning('id')
      .execute();
    const ids = made.map((each) => each.id);
    const bulk = (of: number[]) => operator('POST', '/api/products/_bulk', { ids: of, set: { category: 'x' } });
    expect((await answer<ApiError>(bulk(ids), 422)).key).toBe('too_many_proposals');
    expect(await answer(bulk(ids.slice(1)))).toMatchObject({ proposed: 200 });
  });

  test('rows of a file wait each by itself; a rehearsal proposes nothing', async () => {
    const some = await addProduct();
    await addRule();
    const file = `external_id,name,price\n${String(some.external_id)},Imported,1\nI-${count},New,2\n`;
    const { id } = await bench.upload('products', file);
    await bench.patch(id, { mode: 'upsert' });
    const waiting = () =>
      answer<Row[]>(manager('GET', '/api/change_requests?state=in_review&_sort=id&_order=desc&_end=2'));
    const before = (await waiting()).map((each) => each.id);
    const trial = await bench.go(id, 'check');
    expect(trial).toMatchObject({ created: 0, updated: 0, wrong: 0, counts: { proposed: 2 } });
    expect((await waiting()).map((each) => each.id)).toEqual(before);
    const status = await bench.go(id, 'run');
    expect(status).toMatchObject({ created: 0, updated: 0, wrong: 0, counts: { proposed: 2 }, errors: [] });
    const made = await waiting();
    expect(made.map((each) => each.action).sort()).toEqual(['create', 'update']);
    for (const request of made) await answer(decide(request, manager));
    expect(await product(some.id)).toMatchObject({ name: 'Imported' });
    expect(await answer<Row[]>(operator('GET', `/api/products?external_id=I-${count}`))).toHaveLength(1);
  });

  test('what a role may do waits like any other change of the role, and says what it would be', async () => {
    // Somebody else who may see roles at all.
    const password_hash = 'none boss';
    const { id: user_id } = await bench.t.db
      .insertInto('app.users')
      .values({
        name: 'Boss',
        email: 'boss@shop.example',
        roles: ['administrator'],
        pii: true,
        password_hash,
        lang: 'en',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const token = await openSession(bench.t.db, { user_id, password_hash, user_agent: null, ip: null });
    const boss: Ask = (method, path, body) =>
      bench.app.anyone(method, path, body, { cookie: `${SESSION_COOKIE}=${token}` });
    const put = (input: Row, version: number) =>
      admin('PUT', '/api/_permissions/viewer/tiers', input, { 'if-match': `"${version}"` });
    // Administrators propose to each other; of their rights there is nothing to agree to alone.
    await addRule({ resource: 'roles', occasions: ['update'], roles: ['administrator'] });
    const input = {
      letters: '',
      rows: { mode: 'where', where: { rank: { gte: 2 } } },
      fields: { code: { read: false } },
    };
    const waiting = await answer(put({ ...input, reason: 'Audit' }, 0), 202);
    expect(waiting).toMatchObject({ resource: 'roles', action: 'action', state: 'in_review', note: 'Audit' });
    const tiers = () => bench.app.as('viewer')('GET', '/api/tiers');
    expect((await tiers()).status).toBe(200);
    const { label, input: told } = await diffOf(waiting, boss);
    expect([label![1], ...told!.map(({ label: [, name], value: [, value] }) => `${name}: ${value}`)]).toEqual([
      'Change permissions',
      'Kind of record: Tiers',
      'Actions: None',
      'Rows: Rank ≥ 2',
      'Code: may not view',
    ]);
    expect([403, 409]).toContain((await decide(waiting, admin)).status);
    await answer(decide(waiting, boss));
    expect((await tiers()).status).toBe(403);
    const [entry] = await answer<Row[]>(admin('GET', '/api/role_permissions'));
    expect(entry).toMatchObject({ role: 'viewer', resource: 'tiers', letters: '' });

    // What was proposed from an older state is not applied over a newer one.
    const late = await answer(put({}, 1), 202);
    const first = await answer(put({ letters: 'r' }, 1), 202);
    await answer(decide(first, boss));
    expect((await decide(late, boss)).status).toBe(412);
    await bench.t.db.deleteFrom('app.approval_rules').execute();
    bench.app.deps.definitions.changed('approval_rules');
    await answer(put({}, 2));
    expect((await tiers()).status).toBe(200);
  });

  test('the program of a person proposes in their name, and can agree to nothing', async () => {
    const { id } = await addProduct();
    await addRule();
    const issued = await answer(
      operator('POST', '/api/api_tokens/_actions/issue', {
        name: 'erp',
        scopes: ['products:r', 'products:u'],
        days: 3,
      }),
    );
    const program = (method: string, path: string, body: unknown) =>
      bench.app.anyone(method, path, body, { authorization: `Bearer ${String(issued.secret)}` });
    const answered = await program('PATCH', `/api/products/${String(id)}`, { name: 'By ERP' });
    expect(answered.status).toBe(202);
    const { id: request } = await answer(answered, 202);
    expect(await product(id)).not.toMatchObject({ name: 'By ERP' });
    expect([403, 404]).toContain((await decide({ id: request! }, program as Ask)).status);
    await answer(decide({ id: request! }, manager));
    expect(await product(id)).toMatchObject({ name: 'By ERP' });
  });

  test('an action waits with what it was asked, and is done once', async () => {
    const set = await answer(
      operator('POST', '/api/segment_rule_sets', { code: `s${count}`, name: `S ${count}`, name_en: `S ${count}` }),
      201,
    );
    const version = await answer(operator('POST', `/api/segment_rule_sets/${String(set.id)}/_actions/new_version`, {}));
    const path = `/api/segment_rule_set_versions/${String(version.id)}`;
    const rules = [{ code: 'buyers', name: '买家', name_en: 'Buyers', condition: { order_count: { gte: 1 } } }];
    await answer(operator('PATCH', path, { rules }));
    await addRule({
      resource: 'segment_rule_set_versions',
      occasions: ['action'],
      condition: { state: { eq: 'published' } },
    });
    const waiting = await answer(operator('POST', `${path}/_actions/publish`, {}), 202);
    expect(await answer(operator('GET', path))).toMatchObject({ state: 'draft' });
    expect(await diffOf(waiting)).toMatchObject({ action: 'action', label: ['发布', 'Publish'] });
    const answers = await Promise.all(Array.from({ length: 32 }, () => decide(waiting, manager)));
    expect(answers.filter((each) => each.status === 200)).toHaveLength(1);
    expect(await answer(operator('GET', path))).toMatchObject({ state: 'published' });
  });

  test('what was scheduled before the rule was made goes back to whoever has to agree', async () => {
    const { id } = await addProduct();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const scheduled = await answer(
      operator('POST', '/api/products/_propose', { id, values: { name: 'Later' }, effective_at: later }),
      202,
    );
    expect(scheduled).toMatchObject({ state: 'approved' });
    await addRule();
    await bench.t.db
      .updateTable('app.change_requests')
      .set({ effective_at: new Date(Date.now() - 1000).toISOString() })
      .where('id', '=', Number(scheduled.id))
      .execute();
    await runJob(bench.app.deps, 'publish_changes', '2026-01-01');
    expect(await stateOf(scheduled)).toBe('in_review');
    expect(await product(id)).not.toMatchObject({ name: 'Later' });
    await answer(decide(scheduled, manager));
    expect(await product(id)).toMatchObject({ name: 'Later' });
  });

  test('a rule about rules is held to itself, and agreed to by another administrator or a named role', async () => {
    const rule = await addRule({ resource: 'approval_rules', roles: ['manager'] });
    const path = `/api/approval_rules/${String(rule.id)}`;
    const off = await answer(admin('PATCH', path, { active: false }), 202);
    expect(await answer(admin('GET', path))).toMatchObject({ active: true });
    await answer(decide(off, manager));
    await answer(admin('PATCH', path, { note: 'free again' }));
  });

  test('a password that waits does not wait in plain text', async () => {
    await addRule({ resource: 'users', roles: ['administrator'] });
    await bench.t.db
      .updateTable('app.users')
      .set({ roles: ['administrator'] })
      .where('id', '=', bench.app.id('manager'))
      .execute();
    const secret = 'kolibri-Lampe-42-weit';
    const path = `/api/users/${bench.app.id('viewer')}`;
    const waiting = await answer(admin('PATCH', path, { password: secret }), 202);
    const { changes } = await bench.t.db
      .selectFrom('app.change_requests')
      .select('changes')
      .where('id', '=', Number(waiting.id))
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(changes)).not.toContain(secret);
    await answer(decide(waiting, bench.app.as('manager')));
    const { password_hash } = await bench.t.db
      .selectFrom('app.users')
      .select('password_hash')
      .where('id', '=', bench.app.id('viewer'))
      .executeTakeFirstOrThrow();
    expect(password_hash).toBe((changes as { password: string }).password);
  });
});
