/** Automations for tests: people, segments by hand, templates that pass, and days that are lived through. */
import { sql } from 'kysely';
import { advance, enterByDay } from '../../api/engine/automations.ts';
import type { Unit } from '../../api/engine/benefit-day.ts';
import type { TestDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

let number = 0;
export interface Step {
  code: string;
  kind: string;
  [field: string]: unknown;
}

export async function automationProgramme(t: TestDatabase) {
  const deps = { ...jobDeps(t), resources: new Map() };
  const { id: rule_set_id } = await t.db
    .insertInto('app.segment_rule_sets')
    .values({ code: 'lifecycle', name: 'l', name_en: 'l' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const rules = ['active', 'dormant'].map((code) => ({ code, name: code, name_en: code, condition: {} }));
  await t.db
    .insertInto('app.segment_rule_set_versions')
    .values({ rule_set_id, number: 1, state: 'published', effective_from: '1990-01-01', rules: JSON.stringify(rules) })
    .execute();
  const segment = async (code: string) =>
    Number(
      (await sql<{ id: number }>`select id from base.segments where segment_code = ${code}`.execute(t.db)).rows[0]!.id,
    );
  const coupon = await t.db
    .insertInto('app.coupon_templates')
    .values({
      ...{ code: 'gift', name: '券', name_en: 'Coupon', kind: 'fixed', status: 'active', amount: '5' },
      ...{ valid_for: 72, valid_unit: 'hours', stacking: 'stackable' },
    } as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ id: number }>`
    insert into app.message_templates (code, name, name_en, category, status, channels, in_site_subject, in_site_body)
    values ('hello', '你好', 'Hello', 'marketing', 'active', '{in_site}', '问候', '你好 {{name|朋友}}')
    returning id
  `.execute(t.db);
  const message = rows[0]!.id;
  await sql`select ops.guard_message_templates(${message}, 0, null, (select to_jsonb(message_templates) from app.message_templates where id = ${message}))`.execute(
    t.db,
  );
  const unit: Unit = (work) => t.db.transaction().execute(work);
  const programme = {
    deps,
    unit,
    rule_set_id,
    coupon: coupon.id,
    message,
    segments: { active: await segment('active'), dormant: await segment('dormant') },
    async customer(values: { [field: string]: unknown } = {}): Promise<number> {
      const { id } = await t.db
        .insertInto('app.customers')
        .values({
          ...{ external_id: `au${++number}`, enrolled_at: '2024-01-01 00:00+08', enrolled_on: '2024-01-01' },
          ...values,
        } as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async stay(customer_id: number, segment_code: string, entered_on: string, left_on: string | null = null) {
      await t.db
        .insertInto('app.segment_memberships')
        .values({ customer_id, rule_set_id, entered_on, left_on, segment_code })
        .execute();
    },
    /** Into dormant on 2026-01-10 unless said otherwise; as it holds from the beginning, running since then. */
    async automation(steps: readonly Step[], values: { [field: string]: unknown } = {}): Promise<number> {
      const code = (values.code as string | undefined) ?? `a${++number}`;
      const stored = {
        ...{ code, name: code, name_en: code, status: 'running', trigger: 'segment_enter' },
        ...{ trigger_segments: [programme.segments.dormant] },
        ...{ launched_at: '2026-01-01 00:00+08', launched_on: '2026-01-01' },
        ...values,
        steps: JSON.stringify(steps.map((step) => ({ name: step.code, name_en: step.code, ...step }))),
        ...(values.audience_filter ? { audience_filter: JSON.stringify(values.audience_filter) } : {}),
      };
      const { id } = await t.db
        .insertInto('app.automations')
        .values(stored as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      await sql`select ops.keep_automation_version(${id}, 0, '-infinity')`.execute(t.db);
      return id;
    },
    async order(customer_id: number, paid_at: string, more: { [field: string]: unknown } = {}): Promise<number> {
      const { id } = await t.db
        .insertInto('app.orders')
        .values({
          ...{ customer_id, source: 'test', external_id: `ao${++number}`, amount: '50.00', channel: 'online' },
          ...{ status: 'paid', placed_at: paid_at, placed_on: paid_at.slice(0, 10), paid_at, ...more },
        } as never)
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    enter: (as_of_on: string, at = `${as_of_on} 00:50+08`) =>
      enterByDay(unit, deps, { as_of_on, at: new Date(at).toISOString() }),
    go: (at: string, size?: number) =>
      advance(unit, deps, { at: new Date(at).toISOString(), ...(size ? { size } : {}) }),
    /** A day: who enters in the night, then everybody whose time has come by noon. */
    async day(as_of_on: string): Promise<void> {
      await programme.enter(as_of_on);
      await programme.go(`${as_of_on} 12:00+08`);
    },
    /** What the customer went through: "step outcome (reason)". */
    async trace(customer_id: number): Promise<string[]> {
      const steps = await t.db
        .selectFrom('app.automation_steps')
        .select(['step_code', 'outcome', 'reason'])
        .where('customer_id', '=', customer_id)
        .orderBy('run_id')
        .orderBy('visit')
        .execute();
      return steps.map(({ step_code, outcome, reason }) => `${step_code} ${outcome}${reason ? ` (${reason})` : ''}`);
    },
    async runs(customer_id: number) {
      return t.db
        .selectFrom('app.automation_runs')
        .select(['status', 'reason', 'step_code', 'trigger_key'])
        .where('customer_id', '=', customer_id)
        .orderBy('id')
        .execute();
    },
    /** Everything that automations made, whatever the ids. */
    async everything(): Promise<string> {
      const { rows: all } = await sql<{ all: string }>`
        select jsonb_build_object(
          'runs', (select jsonb_agg(jsonb_build_array(customer_id, automation_id, trigger_key, status, reason, step_code, due_at, visits, entered_at) order by customer_id, automation_id, trigger_key) from app.automation_runs),
          'steps', (select jsonb_agg(jsonb_build_array(steps.customer_id, runs.trigger_key, visit, steps.step_code, kind, outcome, steps.reason, until_at, done_at, made_id is not null) order by steps.customer_id, runs.automation_id, runs.trigger_key, visit) from app.automation_steps as steps inner join app.automation_runs as runs on runs.customer_id = steps.customer_id and runs.id = steps.run_id),
          'coupons', (select jsonb_agg(jsonb_build_array(customer_id, template_id, status, issued_at) order by customer_id, issued_at) from app.coupons),
          'messages', (select jsonb_agg(jsonb_build_array(customer_id, channel, state, queued_at) order by customer_id, channel, queued_at) from app.messages),
          'points', (select jsonb_agg(jsonb_build_array(customer_id, points, adjusted_at) order by customer_id, adjusted_at) from app.points_adjustments),
          'tasks', (select jsonb_agg(jsonb_build_array(customer_id, title, due_at) order by customer_id, due_at) from app.contact_tasks),
          'tags', (select jsonb_agg(jsonb_build_array(id, tags) order by id) from app.customers)
        )::text as all`.execute(t.db);
      return all[0]!.all;
    },
  };
  return programme;
}
