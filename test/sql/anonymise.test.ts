/**
 * Whatever says who somebody was is gone from every table; what the books need stays. Every column of text in a table of
 * customers is either filled here and found empty, or named below with the reason why it may stay: a new one has to be decided.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';

/** Columns of text that stay, and why. */
const KEPT: { [column: string]: string } = {
  ...Object.fromEntries(
    [
      ...['orders', 'returns', 'events', 'redemptions', 'benefit_uses', 'benefit_refusals', 'fact_keys'],
      ...['coupons', 'coupon_uses', 'coupon_refusals', 'messages', 'contact_tasks'],
    ].flatMap((table) => [
      [`${table}.source`, 'which system told it'],
      [`${table}.external_id`, 'the number of the document there, by which a replay is known'],
    ]),
  ),
  'fact_keys.answer': 'accepted, and the amount',
  'orders.coupon_code': 'a code of the shop',
  'orders.campaign_code': 'a campaign',
  'orders.referrer_code': 'of somebody else',
  'order_lines.sku': 'goods',
  'order_lines.description': 'goods',
  'returns.order_external_id': 'the number of the order',
  'returns.sku': 'goods',
  'events.channel': 'where it happened',
  'events.task_code': 'a task',
  'events.campaign_code': 'a campaign',
  'redemptions.purpose': 'what the points were spent on, without values of the person',
  'benefit_uses.code': 'a code of the shop',
  'benefit_uses.owner_role': 'a role',
  'message_links.code': 'drawn',
  'message_links.url': 'an address of the template',
  'benefit_reminders.channels': 'the row goes',
  'coupons.code': 'a code of the shop',
  'contact_tasks.title': 'words of the automation',
  'coupon_uses.order_source': 'which system told of the order',
  'coupon_uses.order_external_id': 'the number of the order',
  'coupons.hold_key': 'by the engine',
  'coupon_uses.extra_key': 'by the engine',
  'coupon_uses.gift_name': 'what the shop gives',
  'coupon_refusals.refusal': 'one of a closed list',
  'coupon_reminders.channels': 'the row goes',
  'outside_tag_states.tag': 'words of a mapping, until whoever was told is told to take it off',
  'budget_postings.source_kind': 'by the engine',
  'budget_postings.source_key': 'by the engine',
  'customers.province': 'for figures by region',
  'customers.channel': 'for figures by channel',
  'customers.referrer_code': 'the number of somebody else',
};
/** Tables in which the product writes numbers, keys of documents and words of its own, and nobody else anything. */
const OWN =
  /^(engine_|import_|trial_|segment_|customer_|tier_(states|stays|changes)|rfm_|points_(accounts|allocations|entries|lots)|decisions|inbox|follow_ups|budget_holds|benefit_(asks|matches)|coupon_asks|automation_|task_)/;

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
});
afterAll(() => t?.close());

interface Column {
  table: string;
  column: string;
  type: string;
}
async function textColumns(): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select pg_class.relname as "table", pg_attribute.attname as "column", format_type(pg_attribute.atttypid, null) as type
    from pg_class
    inner join pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
    where pg_class.relnamespace = 'app'::regnamespace
      and pg_class.relkind in ('r', 'p')
      and not pg_class.relispartition
      and pg_attribute.attgenerated = ''
      and format_type(pg_attribute.atttypid, null) in ('text', 'text[]', 'jsonb')
      and (pg_class.relname = 'customers' or exists (
        select from pg_attribute as whose
        where whose.attrelid = pg_class.oid and whose.attname = 'customer_id'
      ))
      -- One of a list is nobody's name.
      and not exists (
        select from pg_constraint
        where pg_constraint.conrelid = pg_class.oid and pg_constraint.contype in ('c', 'f')
          and pg_constraint.conkey = array[pg_attribute.attnum]
          and (pg_constraint.contype = 'f' or pg_get_constraintdef(pg_constraint.oid) ~ 'ANY')
      )
    order by 1, 2`.execute(t.owner);
  return rows.filter(({ table }) => !OWN.test(table));
}
/** Where a text stands in any row of any table. */
async function places(text: string): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r' order by 1`.execute(
    t.owner,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select each::text as row from ${sql.table(`app.${name}`)} as each where each::text ilike ${`%${text}%`}`.execute(
      t.owner,
    );
    found.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return found;
}

const CODE = 'C-4711';
const PERSON = { name: '欧阳"明日"', phone: '13912345678', email: 'mingri@example.com' };
const MARK = 'PERSONAL';

async function fill(customer: number): Promise<void> {
  const p = await programme(t);
  await p.rule({ code: 'welcome', trigger: 'sign_up', effect: 'fixed', points: 10 });
  await p.rule({ code: 'buy', effect: 'per_amount', points: 1, per_amount: '1' });
  const tier = await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
  const order = await p.order(customer, { at: '2026-03-01', amount: '100.00' });
  await p.refund(order, { at: '2026-03-02', amount: '40.00' });
  await p.event(customer, { at: '2026-03-03', kind: 'review', order_id: order.id, rating: 5 });
  await p.work();
  const { id: line } = (
    await sql<{ id: number }>`
      with made as (insert into app.budgets (code, name, name_en, kind, total) values ('b', 'b', 'b', 'period', 10) returning id)
      insert into app.budget_lines (budget_id, dimension, position, cost_kind, share, amount)
      select made.id, 'cost_kind', 0, 'promotion', 1, 10 from made returning id`.execute(t.owner)
  ).rows[0]!;
  const { id: benefit } = await t.owner
    .insertInto('app.benefits')
    .values({ code: 'gift', name: 'g', name_en: 'g', layer: 'basic', kind: 'gift' } as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  const { id: pack } = await t.owner
    .insertInto('app.benefit_packages')
    .values({ code: 'card', name: 'c', name_en: 'c' } as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const statement of [
    sql`insert into app.points_adjustments (customer_id, points, reason) values (${customer}, 5, 'x')`,
    sql`insert into app.points_extensions (customer_id, expiring_until_on, until_on, points, reason)
      values (${customer}, '2027-01-01', '2027-02-01', 5, 'x')`,
    sql`insert into app.tier_grades (customer_id, tier_id, reason) values (${customer}, ${tier}, 'x')`,
    sql`insert into app.redemptions (customer_id, source, external_id, points, purpose, reserved_at)
      values (${customer}, 'shop', 'R-1', 1, 'other', now())`,
    sql`insert into app.benefit_grants (customer_id, package_id, version_id, period_from, period_until, granted_at, reason)
      values (${customer}, ${pack}, 1, '2026-01-01', '2026-04-01', now(), 'manual')`,
    sql`insert into app.benefit_uses (customer_id, source, external_id, benefit_id, period_from, version_id, status, fulfilment, used_at, used_on)
      values (${customer}, 'shop', 'U-1', ${benefit}, '2026-01-01', 1, 'done', 'automatic', now(), '2026-03-01')`,
    sql`insert into app.budget_postings (budget_id, segment_line_id, kind_line_id, from_state, to_state, amount, source_kind, source_key, customer_id, posted_on)
      values (1, ${line}, ${line}, 'free', 'spent', 1, 'benefit', '1', ${customer}, '2026-03-01')`,
    sql`with template as (
        insert into app.coupon_templates (code, name, name_en, kind, code_mode) values ('t', 't', 't', 'fixed', 'generated')
        returning id
      ),
      coupon as (
        insert into app.coupons (customer_id, template_id, source, external_id, status, issued_at, issued_on)
        select ${customer}, template.id, 'shop', 'P-1', 'issued', now(), '2026-03-01' from template
        returning id, template_id
      ),
      refused as (
        insert into app.coupon_refusals (customer_id, template_id, source, external_id, asked, refusal, asked_at)
        select ${customer}, coupon.template_id, 'shop', 'P-2', 'claim', 'expired', now() from coupon
      )
      insert into app.coupon_uses (customer_id, checkout_id, source, external_id, coupon_id, template_id, status, used_at, used_on)
      select ${customer}, 1, 'shop', 'K-1', coupon.id, coupon.template_id, 'reserved', now(), '2026-03-01' from coupon`,
    sql`insert into app.contact_tasks (customer_id, source, external_id, title, owner_role, opened_at, due_at)
      values (${customer}, 'automation:x', 'T-1', 't', 'operator', now(), now())`,
    sql`with endpoint as (
        insert into app.webhook_endpoints (name, url, topics) values ('e', 'https://example.com', '{x}') returning id
      )
      insert into app.webhook_deliveries (customer_id, endpoint_id, topic, occurred_at, body)
      select ${customer}, endpoint.id, 'x', now(), '{}' from endpoint`,
    sql`insert into app.messages (customer_id, template_id, version_id, channel, category, source, external_id, state, queued_at, due_at, expires_at)
      values (${customer}, 1, 1, 'sms', 'service', 'shop', 'M-1', 'queued', now(), now(), now())`,
    sql`insert into app.waiting_returns (source, external_id, return_id, order_external_id, customer_external_id, amount, returned_at, reason)
      values ('shop', 'W-1', nextval('app.returns_id_seq'), 'O-later', ${CODE}, 1, now(), ${`${MARK} waits`})`,
  ])
    await statement.execute(t.owner);
}

test('nothing that says who it was is left in any table, and the books are as they were', async () => {
  const made = await a.as('administrator')('POST', '/api/custom_fields', {
    ...{ resource: 'customers', key: 'wechat', kind: 'text', label: '微信', label_en: 'WeChat', pii: true },
  });
  expect(made.status, await made.clone().text()).toBe(201);
  const created = await a.as('pii')(
    'POST',
    '/api/customers',
    {
      ...{ external_id: CODE, ...PERSON, birth_on: '1990-02-03', note: `${MARK} note`, tags: [`${MARK} tag`] },
      ...{ city: `${MARK} city`, occupation: `${MARK} work`, gender: 'female', education: 'master', consent_sms: true },
      wechat: `${MARK} wechat`,
    },
    { 'idempotency-key': 'once-1' },
  );
  expect(created.status, await created.clone().text()).toBe(201);
  const customer = ((await created.json()) as { id: number }).id;
  const renamed = await a.as('pii')('PATCH', `/api/customers/${customer}`, { phone: '13800000001' });
  expect(renamed.status).toBe(200);
  await a.as('operator')('POST', `/api/customers/${customer}/_actions/adjust_points`, {
    points: 3,
    reason: `${MARK} why`,
  });
  await fill(customer);
  // Somebody looked for them, kept it as a view, proposed a change and exported.
  const looked = { phone: { eq: PERSON.phone } };
  await t.owner
    .insertInto('app.saved_views')
    .values({
      code: 'mingri11',
      resource: 'customers',
      name: PERSON.name,
      owner_id: a.id('pii'),
      settings: JSON.stringify(looked),
    } as never)
    .execute();
  await a
    .as('pii')('GET', `/api/customers/_export.csv?phone=${PERSON.phone}`)
    .then((answer) => answer.text());
  await t.owner
    .insertInto('app.change_requests')
    .values([
      {
        ...{ resource: 'customers', record_id: customer, action: 'update', title: PERSON.name, needs_consent: false },
        ...{
          base: '{}',
          changes: JSON.stringify({ name: `${MARK} new` }),
          note: `${MARK} note`,
          created_by: a.id('pii'),
        },
      },
      {
        ...{ resource: 'customers', record_id: null, action: 'create', title: 'x', needs_consent: false },
        ...{ base: '{}', changes: JSON.stringify(PERSON), created_by: a.id('pii') },
      },
    ] as never)
    .execute();
  await t.owner
    .insertInto('app.imports')
    .values({
      ...{ resource: 'customers', file_name: `${PERSON.phone}.csv`, state: 'done', created_by: a.id('pii') },
      ...{ sample: JSON.stringify([[CODE, PERSON.name]]), errors: JSON.stringify([{ value: PERSON.email }]) },
    } as never)
    .execute();
  // As an import whose process was killed leaves them.
  const left = { batch_id: 1, row_no: 2, kind: 'row' };
  await t.owner
    .insertInto('app.import_rows')
    .values({ ...left, data: JSON.stringify(PERSON) } as never)
    .execute();
  await t.owner
    .insertInto('app.import_order_lines')
    .values({ ...left, customer_external_id: CODE, customer_name: MARK } as never)
    .execute();
  const columns = await textColumns();
  const decided = columns.filter(({ table, column }) => !KEPT[`${table}.${column}`]);
  for (const { table, column, type } of decided) {
    if (table === 'customers') continue;
    const value: Json = `${MARK} ${table}.${column}`;
    const marked =
      type === 'text' ? sql`${value}` : type === 'jsonb' ? sql`to_jsonb(${value}::text)` : sql`array[${value}]`;
    const { numAffectedRows } = await sql`
      update ${sql.table(`app.${table}`)} set ${sql.ref(column)} = ${marked} where customer_id = ${customer}`.execute(
      t.owner,
    );
    expect(Number(numAffectedRows), `${table}.${column} is new: empty it or say why it stays`).toBeGreaterThan(0);
  }
  await t.owner
    .updateTable('app.audit_entries')
    .set({ reason: `edit: ${MARK}` })
    .where('resource', '=', 'customers')
    .where('record_id', '=', customer)
    .execute();
  expect((await places(MARK)).length).toBeGreaterThan(15);
  const books = () =>
    Promise.all(
      ['orders', 'points_lots', 'points_entries', 'points_accounts', 'tier_stays'].map(async (table) => {
        const { rows } = await sql`
          select to_jsonb(each) - 'last_external_id' - 'origin_key' as row
          from ${sql.table(`app.${table}`)} as each where customer_id = ${customer} order by 1`.execute(t.owner);
        return rows;
      }),
    );
  const before = await books();

  const answer = await a.as('operator')('POST', `/api/customers/${customer}/_actions/anonymise`, {
    code: CODE,
    reason: 'by letter',
  });
  expect(answer.status, await answer.clone().text()).toBe(200);

  expect(await books()).toEqual(before);
  for (const said of [MARK, CODE, '13912345678', '13800000001', PERSON.email, '明日', '1990-02-03'])
    expect(await places(said), said).toEqual([]);
  const row = await t.db.selectFrom('app.customers').selectAll().where('id', '=', customer).executeTakeFirstOrThrow();
  expect(row).toMatchObject({
    status: 'anonymised',
    external_id: `anonymised-${customer}`,
    consent_sms: false,
    tags: [],
  });
  const audited = await t.db
    .selectFrom('app.audit_entries')
    .select(['action', 'before', 'after', 'reason', 'user_id'])
    .where('resource', '=', 'customers')
    .where('record_id', '=', customer)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  expect(audited).toMatchObject({ action: 'action', reason: 'anonymise: by letter', user_id: a.id('operator') });
  expect(Object.values(audited.before as object).every((value) => value === null)).toBe(true);
  expect(Object.keys(audited.after as object)).toContain('phone');
});

test('a column that a definition calls personal is never among those that stay', () => {
  for (const resource of a.deps.resources.values())
    for (const [name, field] of Object.entries(resource.fields))
      if (field.pii) expect(KEPT).not.toHaveProperty([`${resource.table.replace('app.', '')}.${name}`]);
});
