/** Customers who enter a segment, as the product takes them: through an automation to a message that is queued, turn by turn. */
import { type Kysely, sql } from 'kysely';
import { advance, enterByDay } from '../../api/engine/automations.ts';
import type { DB } from '../../api/schema.ts';
import { timed, withDeps } from './measure-database.ts';
import { makeTemplate } from './measure-messages.ts';
import type { Setting } from './setting.ts';

const CODE = 'bench_entering';
const DAY = '2026-01-10';
/** Who has not come through by then is not counted: so long for each, and at least. */
const LIMIT_MS = { each: 1.2, least: 120_000 };

export interface EnteringFigure {
  customers: number;
  queued: number;
  entering_s: number;
}

/** It is committed, as it is at work, and taken away afterwards. @param options.customers at most as many as there are */
export function measureEntering(setting: Setting, { customers }: { customers: number }): Promise<EnteringFigure> {
  return withDeps(setting, async (deps) => {
    const { owner } = setting;
    await takeAway(owner);
    try {
      const entered = await makeEntrants(owner, customers);
      const unit = <T>(work: (trx: Kysely<DB>) => Promise<T>) => deps.db.transaction().execute(work);
      const at = new Date(`${DAY}T12:00:00+08:00`).toISOString();
      const began = performance.now();
      const stopped = () => performance.now() - began > Math.max(LIMIT_MS.least, LIMIT_MS.each * entered);
      const took = await timed(async () => {
        await enterByDay(unit, deps, { as_of_on: DAY, at, stopped });
        await advance(unit, deps, { at, stopped });
      });
      const { queued } = await owner
        .selectFrom('app.messages')
        .select((eb) => eb.fn.countAll<number>().as('queued'))
        .where('source', '=', `automation:${CODE}`)
        .executeTakeFirstOrThrow();
      if (queued !== entered && !stopped()) throw new Error(`${queued} messages for ${entered} customers`);
      return { customers: entered, queued, entering_s: took / 1000 };
    } finally {
      await takeAway(owner);
    }
  });
}

/** A segment that so many entered on the day, and an automation that writes to them. Others rest meanwhile. */
async function makeEntrants(owner: Kysely<DB>, customers: number): Promise<number> {
  return owner.transaction().execute(async (trx) => {
    const template = await makeTemplate(trx, CODE);
    await sql`update app.automations set status = 'paused', description = ${CODE} where status = 'running'`.execute(
      trx,
    );
    const { rows } = await sql<{ id: number }>`
      with rule_set as (
        insert into app.segment_rule_sets (code, name, name_en) values (${CODE}, 'b', 'b') returning id
      ), version as (
        insert into app.segment_rule_set_versions (rule_set_id, number, state, effective_from, rules)
        select id, 1, 'published', '1990-01-01', ${JSON.stringify([{ code: CODE, name: 'b', name_en: 'b', condition: {} }])}::jsonb
        from rule_set
      ), entered as (
        insert into app.segment_memberships (customer_id, rule_set_id, entered_on, segment_code)
        select customers.id, rule_set.id, ${DAY}::date, ${CODE}
        from rule_set cross join (select id from app.customers where id > 0 and status = 'active' order by id limit ${customers}) as customers
        returning customer_id
      )
      select count(*)::integer as id from entered
    `.execute(trx);
    const { id } = await trx
      .insertInto('app.automations')
      .columns([
        'code',
        'name',
        'name_en',
        'status',
        'trigger',
        'trigger_segments',
        'launched_at',
        'launched_on',
        'holdout_rate',
        'steps',
      ])
      .expression((eb) =>
        eb
          .selectFrom('base.segments')
          .select([
            ...[sql<string>`${CODE}`.as('code'), sql<string>`'b'`.as('name'), sql<string>`'b'`.as('name_en')],
            ...[sql<string>`'running'`.as('status'), sql<string>`'segment_enter'`.as('trigger')],
            sql<number[]>`array[base.segments.id]`.as('trigger_segments'),
            ...[sql<string>`${DAY}::timestamptz`.as('launched_at'), sql<string>`${DAY}::date`.as('launched_on')],
            sql<string>`0`.as('holdout_rate'),
            sql<string>`${JSON.stringify([{ code: 'tell', name: 'b', name_en: 'b', kind: 'message', message_template_id: template }])}::jsonb`.as(
              'steps',
            ),
          ])
          .where('segment_code', '=', CODE),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    await sql`select ops.keep_automation_version(${id}, 0, '-infinity')`.execute(trx);
    return rows[0]!.id;
  });
}

/** What this or an interrupted run before it left. */
async function takeAway(owner: Kysely<DB>): Promise<void> {
  await owner.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 0`.execute(trx);
    await sql`delete from app.messages where source = ${`automation:${CODE}`}`.execute(trx);
    await sql`delete from app.automation_steps using app.automation_runs as runs inner join app.automations on automations.id = runs.automation_id
      where automations.code = ${CODE} and automation_steps.customer_id = runs.customer_id and automation_steps.run_id = runs.id`.execute(
      trx,
    );
    await sql`delete from app.automation_runs using app.automations where automations.id = automation_runs.automation_id and automations.code = ${CODE}`.execute(
      trx,
    );
    await sql`delete from app.automation_progress using app.automations where automations.id = automation_progress.automation_id and automations.code = ${CODE}`.execute(
      trx,
    );
    await sql`delete from app.programme_versions using app.automations where programme_versions.resource = 'automations' and programme_versions.record_id = automations.id and automations.code = ${CODE}`.execute(
      trx,
    );
    await sql`delete from app.automations where code = ${CODE}`.execute(trx);
    await sql`update app.automations set status = 'running', description = null where description = ${CODE}`.execute(
      trx,
    );
    await sql`delete from app.segment_memberships using app.segment_rule_sets as sets where sets.id = segment_memberships.rule_set_id and sets.code = ${CODE}`.execute(
      trx,
    );
    await sql`delete from app.segment_rule_set_versions using app.segment_rule_sets as sets where sets.id = segment_rule_set_versions.rule_set_id and sets.code = ${CODE}`.execute(
      trx,
    );
    await sql`delete from app.segment_rule_sets where code = ${CODE}`.execute(trx);
    await sql`delete from app.message_template_versions using app.message_templates as templates where templates.id = message_template_versions.template_id and templates.code = ${CODE}`.execute(
      trx,
    );
    await sql`delete from app.message_templates where code = ${CODE}`.execute(trx);
  });
}
