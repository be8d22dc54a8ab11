/** Each setting of messages, changed once, changes what becomes of one. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type Row, type Writing, writing } from './messages.ts';

let t: TestDatabase;
let w: Writing;
const DEFAULTS = {
  ...{ contact_cap: 3, contact_cap_days: 7, contact_day_cap: null, contact_cap_by: 'all', message_hold_hours: 72 },
  ...{ quiet_from: null, quiet_until: null, default_language: 'zh' },
  ...{ points_reminder_id: null, benefit_reminder_id: null, coupon_reminder_id: null },
};
beforeAll(async () => {
  t = await testDatabase();
  w = writing(t);
  await w.connect('sms');
  await w.connect('email');
});
afterAll(() => t?.close());
beforeEach(async () => {
  await sql`truncate app.messages`.execute(t.owner);
  await w.settings(DEFAULTS);
});

const noon = (day: number) => `2026-03-${String(day).padStart(2, '0')}T12:00:00+08:00`;
const claim = async (channel: string, at: string) =>
  (await sql<Row>`select id, language from ops.claim_messages(${channel}, 10, ${at}::timestamptz)`.execute(t.db)).rows;
const last = async () =>
  (await sql<Row>`select state, reason from app.messages order by id desc limit 1`.execute(t.db)).rows[0]!;

let count = 0;
/** Messages of these channels went out at noon of these days of March; what becomes of one more by SMS at noon of the tenth. */
async function oneMore(before: [channel: string, day: number][], changed: Row): Promise<string> {
  const template = {
    sms: await w.template({}),
    email: await w.template({ channels: ['email'], email_subject: 'S', email_body: 'B' }),
  };
  const customer = await w.customer();
  for (const [channel, day] of before) {
    const id = template[channel as keyof typeof template];
    await w.queue(id, [customer], { at: noon(day), external_ids: [`s${++count}`] });
    expect(await claim(channel, noon(day))).toHaveLength(1);
    await sql`update app.messages set state = 'sent', sent_at = ${noon(day)}, due_at = null where state = 'sending'`.execute(
      t.owner,
    );
  }
  await w.settings({ ...DEFAULTS, ...changed });
  await w.queue(template.sms, [customer], { at: noon(10), external_ids: [`s${++count}`] });
  const queued = await last();
  const taken = await claim('sms', noon(10));
  const { state, reason } = await last();
  // Whoever queues and whoever sends are of one mind.
  expect([queued.reason, taken.length]).toEqual([reason, state === 'sending' ? 1 : 0]);
  return [state, reason].filter(Boolean).join(' ');
}

test.each<[string, Row, [string, number][], string, string]>([
  ['contact_cap', { contact_cap: 1 }, [['sms', 9]], 'sending', 'held contact_cap'],
  [
    'contact_cap_days',
    { contact_cap: 2, contact_cap_days: 3 },
    [
      ['sms', 7],
      ['sms', 9],
    ],
    'held contact_cap',
    'sending',
  ],
  ['contact_day_cap', { contact_day_cap: 1 }, [['sms', 10]], 'sending', 'held contact_cap'],
  ['contact_cap_by', { contact_cap: 1, contact_cap_by: 'channel' }, [['email', 9]], 'held contact_cap', 'sending'],
])('%s', async (name, changed, before, without, with_it) => {
  const { [name]: _, ...rest } = changed;
  expect(await oneMore(before, rest)).toBe(without);
  await sql`truncate app.messages`.execute(t.owner);
  await w.settings(DEFAULTS);
  expect(await oneMore(before, changed)).toBe(with_it);
});

test.each([
  ['2026-03-05T12:00:00+08:00', ['held contact_cap', 'suppressed expired']],
  ['2026-03-05T11:59:00+08:00', ['held contact_cap', 'held contact_cap']],
])(
  'message_hold_hours: at %s one that was held two days is dropped, with three it is not',
  async (at, [after, short]) => {
    const fates: string[] = [];
    for (const message_hold_hours of [72, 48]) {
      await sql`truncate app.messages`.execute(t.owner);
      await w.settings({ contact_cap: 1, message_hold_hours });
      const [template, customer] = [await w.template({}), await w.customer()];
      await w.queue(template, [customer], { at: noon(2), external_ids: [`h${++count}`] });
      expect(await claim('sms', noon(2))).toHaveLength(1);
      await w.queue(template, [customer], { at: '2026-03-03T12:00:00+08:00', external_ids: [`h${++count}`] });
      await sql`update app.messages set due_at = ${at}::timestamptz - interval '1 minute' where state = 'held'`.execute(
        t.owner,
      );
      await sql`update app.messages set state = 'sent', due_at = null where state = 'sending'`.execute(t.owner);
      await claim('sms', new Date(Date.parse(at) + 1).toISOString());
      const { state, reason } = await last();
      fates.push(`${state} ${reason}`);
    }
    expect(fates).toEqual([after, short]);
  },
);

test('default_language speaks to who has none of their own', async () => {
  const template = await w.template({ sms_body: '你好', sms_body_en: 'Hello' });
  const people = [await w.customer(), await w.customer({ language: 'en' }), await w.customer({ language: 'zh' })];
  const spoken: unknown[] = [];
  for (const default_language of ['zh', 'en']) {
    await w.settings({ default_language });
    await w.queue(template, people, { at: noon(10), external_ids: people.map((id) => `${default_language}-${id}`) });
    spoken.push((await claim('sms', noon(10))).map(({ language }) => language));
  }
  expect(spoken).toEqual([
    ['zh', 'en', 'zh'],
    ['en', 'en', 'zh'],
  ]);
});

test('benefit_reminder_id and coupon_reminder_id say by what template, and that there is one', async () => {
  const customer = await w.customer();
  const template = await w.template({
    category: 'service',
    channels: ['in_site'],
    in_site_subject: 'S',
    in_site_body: 'B',
  });
  await sql`with package as (
      insert into app.benefit_packages (code, name, name_en) values ('p', 'p', 'p') returning id
    )
    insert into app.benefit_reminders (customer_id, package_id, grant_id, period_from, due_on, last_on, left_uses, noted_on)
    select ${customer}, id, 1, current_date, current_date, current_date + 5, 1, (now() at time zone 'Asia/Shanghai')::date
    from package`.execute(t.owner);
  await sql`with template as (
      insert into app.coupon_templates (code, name, name_en, kind, code_mode) values ('t', 't', 't', 'fixed', 'generated') returning id
    ), coupon as (
      insert into app.coupons (customer_id, template_id, source, external_id, status, issued_at, issued_on, claimed_at, valid_until_at)
      select ${customer}, id, 's', 'x', 'claimed', now(), current_date, now(), now() + interval '1 day' from template
      returning customer_id, id, valid_until_at
    )
    insert into app.coupon_reminders (customer_id, coupon_id, valid_until_at, noted_at) select *, now() from coupon`.execute(
    t.owner,
  );
  const remind = async () => {
    await sql`select ops.send_reminders(current_date)`.execute(t.db);
    return (await w.rows()).map(({ source }) => source).sort();
  };
  expect(await remind()).toEqual([]);
  await w.settings({ benefit_reminder_id: template });
  expect(await remind()).toEqual(['reminder:benefit']);
  await w.settings({ coupon_reminder_id: template });
  expect(await remind()).toEqual(['reminder:benefit', 'reminder:coupon']);
  expect(await remind()).toHaveLength(2);
});

test('coupons are reminded of by what their own template names, others by what the settings do', async () => {
  const say = (body: string) =>
    w.template({ category: 'service', channels: ['in_site'], in_site_subject: 'S', in_site_body: body });
  const [own, general] = [await say('own'), await say('general')];
  const customer = await w.customer();
  const note = (code: string, reminder: number | null) =>
    sql`with template as (
        insert into app.coupon_templates (code, name, name_en, kind, code_mode, reminder_id)
        values (${code}, 't', 't', 'fixed', 'generated', ${reminder}) returning id
      ), coupon as (
        insert into app.coupons (customer_id, template_id, source, external_id, status, issued_at, issued_on, claimed_at, valid_until_at)
        select ${customer}, id, 's', ${code}, 'claimed', now(), current_date, now(), now() + interval '1 day' from template
        returning customer_id, id, valid_until_at
      )
      insert into app.coupon_reminders (customer_id, coupon_id, valid_until_at, noted_at) select *, now() from coupon`.execute(
      t.owner,
    );
  const remind = async () => {
    await sql`select ops.send_reminders(current_date)`.execute(t.db);
    return (await sql<Row>`select template_id from app.messages order by id`.execute(t.db)).rows.map(
      ({ template_id }) => template_id,
    );
  };
  await note('own', own);
  await note('usual', null);

  // The settings name none: only the coupon that says by what is reminded of, the other stays noted.
  expect(await remind()).toEqual([own]);
  await w.settings({ coupon_reminder_id: general });
  expect(await remind()).toEqual([own, general]);
  expect(await remind()).toHaveLength(2);
});
