/**
 * What a new database is filled with: the default programme always, and, when a demo is asked for, people and purchases that
 * are the same on every machine. Its segments and scores are computed as the daily jobs would have.
 */
import { type Kysely, sql } from 'kysely';
import { publishPageVersion } from './campaign-pages/publish.ts';
import { applyDefaults, missingDefaults } from './default-programme.ts';
import { advance, enterByDay } from './engine/automations.ts';
import { benefitDay, type Unit } from './engine/benefit-day.ts';
import { processWithin } from './engine/process.ts';
import { snapshot, versionsInForce } from './jobs/segment_snapshot.ts';
import { shiftDate } from './predicate/values.ts';
import { dayIn, readProgramme } from './programme.ts';
import type { DB } from './schema.ts';
import { momentOf } from './segment-rules.ts';
import { addDemoUsers } from './sign-in/demo-users.ts';
import { readDemo, readSql } from './storage/sql-files.ts';

/** Fourteen months, as sql/demo/00_random.sql has them. */
const HISTORY_DAYS = 425;
/** So many days of segments are computed one by one, the weeks before them once each: it is quick and charts look the same. */
const DAILY = 35;
const SCORES_EVERY = 28;
const DEMO = { customers: 5_000, orders: 60_000 };
/** From here on dropping the indexes and making them again is quicker than keeping them. */
const MANY_ORDERS = 300_000;

export interface Made {
  customers: number;
  orders: number;
  /** Days of segments that were computed. */
  days: number;
}

/**
 * Puts in the default programme where it never was, and the demo where it is asked for and the database has no customers.
 * Safe with several processes starting together, and after one that was killed: all or nothing.
 * @param owner Kysely over connections of the owner
 * @returns what the demo made; null when nothing was to be made
 */
export async function seedNew(
  owner: Kysely<DB>,
  { demo, as_of_on, say = () => {} }: { demo: boolean; as_of_on?: string; say?: (line: string) => void },
): Promise<Made | null> {
  const before = await owner.selectFrom('app.settings').select('demo_at').executeTakeFirstOrThrow();
  if ((before.demo_at || !demo) && (await missingDefaults(owner)).length === 0) {
    if (demo) await addDemoUsers(owner);
    return null;
  }
  return owner.transaction().execute(async (trx) => {
    await applyDefaults(trx);
    if (!demo) return null;
    const settings = await trx.selectFrom('app.settings').select('demo_at').executeTakeFirstOrThrow();
    await addDemoUsers(trx);
    if (settings.demo_at || (await hasCustomers(trx))) return null;
    say('Making the demo: customers, orders, fourteen months of segments …');
    const day = as_of_on ?? (await today(trx));
    await makePurchases(trx, { as_of_on: day, ...DEMO });
    const days = await computeHistory(trx, day);
    // What is given by the way multiplies points: orders are worked in once, when it is known.
    await sql.raw(readSql('bulk/grant_packages.sql')).execute(trx);
    say('Coupons …');
    await computeCoupons(trx);
    say('Automations, a few weeks at a time …');
    await computeAutomations(trx, day);
    say('Points, fact by fact …');
    await computePoints(trx, day);
    say('Benefits, period by period …');
    await computeBenefits(trx, day);
    await addUpDays(trx);
    await publishPages(trx);
    say('Visits of pages …');
    await computeVisits(trx, day);
    // Its goals are of a plan that began later than the programme, so that there is something before to compare with.
    const started_on = sql<string>`${day}::date - 230`;
    await trx.updateTable('app.settings').set({ demo_at: sql<string>`now()`, started_on }).execute();
    return { ...(await count(trx)), days };
  });
}

/**
 * Adds made-up customers with their orders to whatever is there, and computes scores and segments as of the day; points are
 * not given for them. A million customers with ten million orders take some twenty minutes of one core.
 */
export async function seedMany(
  owner: Kysely<DB>,
  size: { customers: number; orders: number; as_of_on?: string; say?: (line: string) => void },
): Promise<Made> {
  const { customers, orders, say = () => {} } = size;
  return owner.transaction().execute(async (trx) => {
    const as_of_on = size.as_of_on ?? (await today(trx));
    await makePurchases(trx, { as_of_on, customers, orders, say });
    say('Scores and segments …');
    await computeScores(trx, as_of_on);
    await computeSegments(trx, as_of_on);
    await sql`analyze`.execute(trx);
    return { ...(await count(trx)), days: 1 };
  });
}

async function makePurchases(
  trx: Kysely<DB>,
  size: { as_of_on: string; customers: number; orders: number; say?: (line: string) => void },
): Promise<void> {
  const { as_of_on, customers, orders, say = () => {} } = size;
  const settings = { as_of_on, customers: String(customers), orders: String(orders) };
  for (const [name, value] of Object.entries(settings)) await configure(trx, `seed.${name}`, value);
  await configure(trx, 'work_mem', '256MB');
  await configure(trx, 'jit', 'off');
  // The rows refer to each other by construction; checking each again is most of the time. Only a superuser may skip it.
  if (await isSuperuser(trx)) await configure(trx, 'session_replication_role', 'replica');
  const noted = await trx
    .selectFrom('app.inbox')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  const many = orders >= MANY_ORDERS;
  if (many) {
    await sql.raw(readSql('bulk/empty_tables.sql')).execute(trx);
    await sql.raw(readSql('bulk/drop_indexes.sql')).execute(trx);
  }
  for (const file of readDemo()) {
    say(`${file.name} …`);
    await sql.raw(file.text).execute(trx);
  }
  if (many) {
    say('Indexes …');
    await sql.raw(readSql('bulk/make_indexes.sql')).execute(trx);
  }
  for (const table of ['customers', 'products', 'orders', 'order_lines', 'returns', 'fact_keys']) {
    await sql`analyze ${sql.id('app', table)}`.execute(trx);
  }
  say('Rollups …');
  await refreshRollups(trx, { as_of_on, say });
  for (const table of ['customer_day', 'order_day', 'customer_start']) {
    await sql`analyze ${sql.id('app', table)}`.execute(trx);
  }
  await configure(trx, 'session_replication_role', 'origin');
  // Where triggers could not be kept silent.
  await trx
    .deleteFrom('app.inbox')
    .where('id', '>', noted?.id ?? 0)
    .execute();
}

/** Every day that waits, a month at a time. */
async function refreshRollups(
  trx: Kysely<DB>,
  { as_of_on, say }: { as_of_on: string; say: (line: string) => void },
): Promise<void> {
  for (;;) {
    await sql`select ops.refresh_rollups(${as_of_on}::date)`.execute(trx);
    const { days } = await trx
      .selectFrom('app.dirty_days')
      .select((eb) => eb.fn.count<number>('day').distinct().as('days'))
      .executeTakeFirstOrThrow();
    if (days === 0) return;
    say(`  ${days} days to go …`);
  }
}

/** What points and messages came to, as their writers noted it, is added to the days. */
async function addUpDays(trx: Kysely<DB>): Promise<void> {
  for (const refresh of ['refresh_points_day', 'refresh_message_day']) {
    for (;;) {
      const { rows } = await sql<{ written: number }>`select ${sql.id('ops', refresh)}() as written`.execute(trx);
      if (!rows[0]?.written) break;
    }
  }
}

/** Segments day by day and, further back, week by week; scores as often as a chart of months needs. @returns the days */
async function computeHistory(trx: Kysely<DB>, as_of_on: string): Promise<number> {
  // Newest first: only the latest scores are kept customer by customer.
  for (let back = 0; back < HISTORY_DAYS; back += SCORES_EVERY) await computeScores(trx, shiftDate(as_of_on, -back)!);
  let days = 0;
  for (let back = HISTORY_DAYS - 1; back >= 0; back--) {
    if (back >= DAILY && back % 7 !== 0) continue;
    await computeSegments(trx, shiftDate(as_of_on, -back)!);
    // Plans that thought the table empty would read it whole for every customer.
    if (days === 0) await sql`analyze app.segment_memberships`.execute(trx);
    days += 1;
  }
  return days;
}

/** As the engine would have, had it been there; the rules are those of the default programme. */
async function computePoints(trx: Kysely<DB>, as_of_on: string): Promise<void> {
  await sql.raw(readSql('bulk/redeem_history.sql')).execute(trx);
  await sql.raw(readSql('bulk/behave_history.sql')).execute(trx);
  await sql.raw(readSql('bulk/note_history.sql')).execute(trx);
  await sql`analyze app.inbox`.execute(trx);
  const { rows } = await sql<{ at: string }>`
    select (${as_of_on}::date::timestamp at time zone settings.time_zone)::text as at from app.settings
  `.execute(trx);
  // What tasks gave are facts of the engine like the others.
  await sql.raw(readSql('bulk/task_history.sql')).execute(trx);
  await processWithin(trx, { resources: new Map() }, rows[0]!.at);
}

/** Benefits opened and used in half months from the first day of the programme on, and what is left is opened for today. */
async function computeBenefits(trx: Kysely<DB>, as_of_on: string): Promise<void> {
  const { rows } = await sql<{ day: string }>`
    select days.day::date as day
    from app.settings
    cross join generate_series(settings.started_on, ${as_of_on}::date - 1, interval '1 day') as days (day)
    where extract(day from days.day) in (1, 16)
    order by days.day
  `.execute(trx);
  // As with purchases: the rows refer to each other by construction.
  const quick = await isSuperuser(trx);
  if (quick) await configure(trx, 'session_replication_role', 'replica');
  const open = (day: string) => benefitDay((work) => work(trx), { resources: new Map() }, { as_of_on: day });
  for (const [at, { day }] of rows.entries()) {
    await open(day);
    if (at % 8 === 0)
      for (const table of ['benefit_quotas', 'benefit_uses', 'coupons'])
        await sql`analyze ${sql.id('app', table)}`.execute(trx);
    await configure(trx, 'seed.window_from', day);
    await configure(trx, 'seed.window_until', rows[at + 1]?.day ?? as_of_on);
    await sql.raw(readSql('bulk/use_benefits.sql')).execute(trx);
    await emptyWork(trx);
  }
  await open(as_of_on);
  if (quick) await configure(trx, 'session_replication_role', 'origin');
}

/** Coupons claimed and used with orders that say so, expired, given back; and a pool that has run out. */
async function computeCoupons(trx: Kysely<DB>): Promise<void> {
  const quick = await isSuperuser(trx);
  if (quick) await configure(trx, 'session_replication_role', 'replica');
  await sql.raw(readSql('bulk/give_coupons.sql')).execute(trx);
  if (quick) await configure(trx, 'session_replication_role', 'origin');
  for (const table of ['coupons', 'coupon_uses', 'fact_keys']) await sql`analyze ${sql.id('app', table)}`.execute(trx);
}

/**
 * The automations of the default programme: every four weeks, then every week, the last days one by one; whom a day between brought
 * enters on the next.
 */
async function computeAutomations(trx: Kysely<DB>, as_of_on: string): Promise<void> {
  const deps = { resources: new Map() };
  const unit: Unit = (work) => work(trx);
  await configure(trx, 'seed.as_of_on', as_of_on);
  await sql.raw(readSql('bulk/launch_automations.sql')).execute(trx);
  const { time_zone } = await readProgramme(trx);
  let from = shiftDate(as_of_on, -HISTORY_DAYS)!;
  for (let back = HISTORY_DAYS - 1 - ((HISTORY_DAYS - 1) % 28); back >= 0; back -= back > 28 ? 28 : back > 7 ? 7 : 1) {
    const day = shiftDate(as_of_on, -back)!;
    const night = momentOf(day, time_zone).now;
    const at = (hours: number) => new Date(Date.parse(String(night)) + hours * 3_600_000).toISOString();
    await enterByDay(unit, deps, { as_of_on: day, at: at(1) });
    await configure(trx, 'seed.window_from', from);
    await configure(trx, 'seed.window_until', day);
    const newcomers = await trx
      .selectFrom('app.automations')
      .select('id')
      .where('code', '=', 'newcomer_plan')
      .executeTakeFirst();
    if (newcomers) {
      await sql.raw(readSql('bulk/automation_facts.sql')).execute(trx);
      await sql`select ops.enter_automation(pg_current_xact_id()::text::bigint, ${newcomers.id}::bigint, ${at(1)}::timestamptz)`.execute(
        trx,
      );
    }
    from = day;
    if (back === 0) break;
    await advance(unit, deps, { at: at(10) });
    await emptyWork(trx);
    if (back % 56 === 0)
      for (const table of ['automation_runs', 'automation_steps', 'messages', 'coupons'])
        await sql`analyze ${sql.id('app', table)}`.execute(trx);
  }
  await sql.raw(readSql('bulk/close_automations.sql')).execute(trx);
}

/** The pages of the programme as visitors see them, and one with things that the demo sells. */
async function publishPages(trx: Kysely<DB>): Promise<void> {
  await sql.raw(readSql('bulk/demo_pages.sql')).execute(trx);
  const drafts = await trx
    .selectFrom('app.page_versions')
    .select(['id', 'number'])
    .where('state', '=', 'draft')
    .orderBy('number')
    .orderBy('id')
    .execute();
  // A second one goes beside the first, for half of the visitors.
  for (const { id, number } of drafts)
    await publishPageVersion(trx, { id, user_id: 0, ...(number > 1 ? { share_rate: '0.5' } : {}) });
}

/** What visitors did on these pages, and what it comes to by day and week. */
async function computeVisits(trx: Kysely<DB>, as_of_on: string): Promise<void> {
  await configure(trx, 'seed.as_of_on', as_of_on);
  const quick = await isSuperuser(trx);
  if (quick) await configure(trx, 'session_replication_role', 'replica');
  await sql.raw(readSql('bulk/demo_visits.sql')).execute(trx);
  if (quick) await configure(trx, 'session_replication_role', 'origin');
  for (;;) {
    await sql`select ops.refresh_click_days(${as_of_on}::date)`.execute(trx);
    if (!(await trx.selectFrom('app.dirty_click_days').select('id').limit(1).executeTakeFirst())) break;
  }
  await sql`select ops.refresh_click_history(${as_of_on}::date)`.execute(trx);
}

async function emptyWork(trx: Kysely<DB>): Promise<void> {
  await sql.raw(readSql('bulk/empty_work.sql')).execute(trx);
}

async function computeScores(trx: Kysely<DB>, as_of_on: string): Promise<void> {
  await sql`select ops.rfm_scores(${as_of_on}::date)`.execute(trx);
}

async function computeSegments(trx: Kysely<DB>, as_of_on: string): Promise<void> {
  const { time_zone } = await readProgramme(trx);
  for (const version of await versionsInForce(trx, as_of_on)) {
    // The demo's rules ask about nothing that staff added.
    await snapshot(trx, { version, as_of_on, time_zone, resources: new Map() });
  }
}

async function configure(trx: Kysely<DB>, name: string, value: string): Promise<void> {
  await sql`select set_config(${name}, ${value}, true)`.execute(trx);
}

async function isSuperuser(trx: Kysely<DB>): Promise<boolean> {
  const answer = await sql<{ super: boolean }>`select current_setting('is_superuser')::boolean as super`.execute(trx);
  return answer.rows[0]?.super ?? false;
}

async function today(trx: Kysely<DB>): Promise<string> {
  return dayIn((await readProgramme(trx)).time_zone, new Date());
}

async function hasCustomers(trx: Kysely<DB>): Promise<boolean> {
  const found = await trx.selectFrom('app.customers').select('id').where('id', '<>', 0).limit(1).executeTakeFirst();
  return found !== undefined;
}

async function count(trx: Kysely<DB>): Promise<{ customers: number; orders: number }> {
  const customers = await trx
    .selectFrom('app.customers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('id', '<>', 0)
    .executeTakeFirstOrThrow();
  const orders = await trx
    .selectFrom('app.orders')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return { customers: customers.count, orders: orders.count };
}
