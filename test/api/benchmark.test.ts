/** Competitors over HTTP: what staff enter, what counts on a day, and what the reports make of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import type { ReportResult } from '../../api/contract-reports.ts';
import { applyDefaults } from '../../api/default-programme.ts';
import { reportStore } from '../../api/report/store.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
const dimensions = new Map<string, number>();
const competitors = new Map<string, number>();
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await t.owner.transaction().execute(applyDefaults);
});
afterAll(async () => {
  reportStore(a.deps).close();
  await t?.close();
});

async function run(slug: string, query = ''): Promise<ReportResult> {
  const answer = await a.as('analyst')('GET', `/api/_reports/run/competitors/${slug}?_lang=zh&${query}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as ReportResult;
}
function records({ columns, rows }: ReportResult, wanted: string[]): unknown[][] {
  return rows.map((row) => wanted.map((name) => row[columns.indexOf(name)]));
}
async function observe(
  values: Row,
  person: Person = 'operator',
): Promise<{ status: number; errors: string[]; id: number }> {
  const body = {
    observed_on: '2026-01-10',
    score: '3.0',
    finding: '规则页',
    source: 'https://rival.example',
    ...values,
  };
  const answer = await a.as(person)('POST', '/api/benchmark_observations', body);
  const { errors = {}, id } = (await answer.json()) as { errors?: object; id: number };
  return { status: answer.status, errors: Object.keys(errors), id };
}

test('the four dimensions of the plan are there from the start; reports say nothing of nobody', async () => {
  const rows = (await (await a.as('viewer')('GET', '/api/benchmark_dimensions?_sort=position')).json()) as Row[];
  expect(rows.map(({ code, weight }) => [code, weight])).toEqual([
    ['tiers', 30],
    ['points', 30],
    ['interaction', 20],
    ['service', 20],
  ]);
  for (const { code, id } of rows) dimensions.set(code as string, id as number);
  for (const slug of ['matrix', 'lead', 'overall', 'course', 'changes'])
    expect((await run(slug)).rows, slug).toEqual([]);
});

test('staff enter competitors; who only reads may not, and a website is an address', async () => {
  const post = (body: Row, person: Person = 'manager') => a.as(person)('POST', '/api/competitors', body);
  for (const name of ['甲', '乙', '丙']) {
    const answer = await post({ name, name_en: `Rival ${name}`, website: 'https://rival.example' });
    expect(answer.status).toBe(201);
    competitors.set(name, ((await answer.json()) as { id: number }).id);
  }
  expect((await post({ name: '丁', name_en: 'D' }, 'viewer')).status).toBe(403);
  const wrong = await post({ name: '丁', name_en: 'D', website: 'javascript:alert(1)' });
  expect([wrong.status, Object.keys(((await wrong.json()) as { errors: object }).errors)]).toEqual([422, ['website']]);
  const twice = await post({ name: '甲', name_en: 'A' });
  expect([twice.status, Object.keys(((await twice.json()) as { errors: object }).errors)]).toEqual([422, ['name']]);
});

test('an observation is refused at its field: whose it is, beyond five, tomorrow, the same day twice', async () => {
  const of = { competitor_id: competitors.get('甲')!, dimension_id: dimensions.get('tiers')! };
  expect(await observe({ dimension_id: of.dimension_id })).toMatchObject({ status: 422, errors: ['competitor_id'] });
  expect(await observe({ ...of, score: '5.1' })).toMatchObject({ status: 422, errors: ['score'] });
  expect(await observe({ ...of, score: '3.25' })).toMatchObject({ status: 422, errors: ['score'] });
  expect(await observe({ ...of, observed_on: '2999-01-01' })).toMatchObject({ status: 422, errors: ['observed_on'] });
  expect(await observe({ ...of, source: null })).toMatchObject({ status: 422, errors: ['source'] });
  expect(await observe(of, 'reviewer')).toMatchObject({ status: 403 });
  expect((await observe(of)).status).toBe(201);
  expect((await observe(of)).status).toBe(422);
  // Ourselves are one party, though nobody's number stands there.
  const ours = { party: 'ourselves', dimension_id: of.dimension_id };
  expect((await observe({ ...ours, score: '3.5' })).status).toBe(201);
  expect((await observe(ours)).status).toBe(422);
});

test('the next observation takes over, and each says who entered it', async () => {
  const of = { competitor_id: competitors.get('甲')!, dimension_id: dimensions.get('tiers')! };
  const { id } = await observe({ ...of, observed_on: '2026-02-20', score: '4.5' }, 'analyst');
  const rows = (await (
    await a.as('viewer')('GET', `/api/benchmark_observations?competitor_id=${of.competitor_id}&_sort=observed_on`)
  ).json()) as Row[];
  expect(rows.map((row) => [row.title, row.score, row.previous_score, row.replaced_on, row.current])).toEqual([
    ['甲 · 等级体系', '3.0', null, '2026-02-20', false],
    ['甲 · 等级体系', '4.5', '3.0', null, true],
  ]);
  const users = await t.owner.selectFrom('app.users').select(['id', 'roles']).execute();
  const user = (role: string) => users.find(({ roles }) => roles.includes(role))!.id;
  expect(rows.map(({ entered_by }) => entered_by)).toEqual([user('operator'), user('analyst')]);
  expect(rows[1]!.id).toBe(id);
});

test('one no longer watched takes no new observation, and keeps those it has, to be corrected', async () => {
  const dimension_id = dimensions.get('service')!;
  const competitor_id = competitors.get('丙')!;
  const { id } = await observe({ competitor_id, dimension_id, score: '2.0' });
  const patch = async (path: string, body: Row) => (await a.as('manager')('PATCH', path, body)).status;
  expect(await patch(`/api/competitors/${competitor_id}`, { active: false })).toBe(200);
  expect(await observe({ competitor_id, dimension_id, observed_on: '2026-03-01' })).toMatchObject({
    status: 422,
    errors: ['competitor_id'],
  });
  expect(await patch(`/api/benchmark_observations/${id}`, { competitor_id, score: '2.5' })).toBe(200);
  expect(await patch(`/api/benchmark_observations/${id}`, { competitor_id: competitors.get('乙')! })).toBe(200);
  expect(await patch(`/api/benchmark_observations/${id}`, { competitor_id })).toBe(422);
  expect((await a.as('manager')('DELETE', `/api/benchmark_observations/${id}`)).status).toBe(200);
  expect(await patch(`/api/competitors/${competitor_id}`, { active: true })).toBe(200);
});

test('the matrix holds what counted on the day, and where we stand', async () => {
  const tiers = dimensions.get('tiers')!;
  await observe({
    competitor_id: competitors.get('乙')!,
    dimension_id: tiers,
    observed_on: '2026-02-01',
    score: '2.0',
  });
  await observe({ competitor_id: competitors.get('乙')!, dimension_id: dimensions.get('points')!, score: '5.0' });
  const wanted = ['party', 'dimension', 'score', 'lead', 'standing', 'observed_on'];
  expect(records(await run('matrix', 'as_of=2026-02-19'), wanted)).toEqual([
    ['我们', '等级体系', '3.5', null, 'ourselves', '2026-01-10'],
    ['甲', '等级体系', '3.0', '0.5', 'ahead', '2026-01-10'],
    ['乙', '等级体系', '2.0', '1.5', 'ahead', '2026-02-01'],
    ['乙', '积分', '5.0', null, 'unknown', '2026-01-10'],
  ]);
  const later = records(await run('matrix', 'as_of=2026-02-20'), wanted);
  expect(later[1]).toEqual(['甲', '等级体系', '4.5', '-1.0', 'behind', '2026-02-20']);
  expect((await run('matrix', 'as_of=2026-01-09')).rows).toEqual([]);
});

test('our lead is of those in which both are scored', async () => {
  const wanted = ['dimension', 'party', 'lead', 'ours', 'theirs'];
  expect(records(await run('lead', 'as_of=2026-02-19'), wanted)).toEqual([
    ['等级体系', '甲', '0.5', '3.5', '3.0'],
    ['等级体系', '乙', '1.5', '3.5', '2.0'],
  ]);
});

test('the overall score weighs the dimensions that both are scored in', async () => {
  await observe({ party: 'ourselves', dimension_id: dimensions.get('service')!, score: '4.0' });
  await observe({ competitor_id: competitors.get('乙')!, dimension_id: dimensions.get('service')!, score: '3.0' });
  const rows = records(await run('overall', 'as_of=2026-02-28'), ['party', 'side', 'score', 'lead', 'dimensions']);
  // 乙: (2.0 × 30 + 3.0 × 20) / 50, we (3.5 × 30 + 4.0 × 20) / 50; its points count nowhere, ours being unknown.
  expect(rows).toEqual([
    ['甲', 'ours', '3.50', '-1.00', 1],
    ['甲', 'theirs', '4.50', '-1.00', 1],
    ['乙', 'ours', '3.70', '1.30', 2],
    ['乙', 'theirs', '2.40', '1.30', 2],
  ]);
});

test('the course of one dimension or of all has each month the score of its end, the changes each observation with its source', async () => {
  const course = records(await run('course', 'as_of=2026-02-25&dimension=tiers'), ['month_on', 'party', 'score']);
  expect(course).toEqual([
    ['2026-01-01', '我们', '3.50'],
    ['2026-02-01', '我们', '3.50'],
    ['2026-01-01', '甲', '3.00'],
    ['2026-02-01', '甲', '4.50'],
    ['2026-02-01', '乙', '2.00'],
  ]);
  // 乙 in February: (2.0 × 30 + 5.0 × 30 + 3.0 × 20) / 80.
  const all = records(await run('course', 'as_of=2026-02-25'), ['month_on', 'party', 'score', 'dimensions']);
  expect(all.at(-1)).toEqual(['2026-02-01', '乙', '3.38', 3]);
  const changes = records(await run('changes', 'as_of=2026-02-25'), [
    'dimension',
    'party',
    'score',
    'change',
    'source',
  ]);
  const source = 'https://rival.example';
  expect(changes.filter(([dimension]) => dimension === '等级体系')).toEqual([
    ['等级体系', '甲', '4.5', '1.5', source],
    ['等级体系', '乙', '2.0', null, source],
    ['等级体系', '我们', '3.5', null, source],
    ['等级体系', '甲', '3.0', null, source],
  ]);
});

test('whoever is no longer compared with leaves the reports and keeps their observations', async () => {
  const id = competitors.get('甲')!;
  const { version } = (await (await a.as('manager')('GET', `/api/competitors/${id}`)).json()) as { version: number };
  const off = await a.as('manager')(
    'PATCH',
    `/api/competitors/${id}`,
    { active: false },
    { 'if-match': `"${version}"` },
  );
  expect(off.status, await off.clone().text()).toBe(200);
  expect(records(await run('matrix'), ['party']).flat()).not.toContain('甲');
  const gone = await a.as('manager')('DELETE', `/api/competitors/${id}`);
  expect(gone.status).toBeGreaterThanOrEqual(409);
});
