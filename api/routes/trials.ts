/**
 *   GET  /api/_trials/form     -> the fields that describe a made-up fact
 *   POST /api/_trials/dry_run  {…fact, draft?: TrialDraft} -> DryRun: what it would bring, and why; nothing is kept
 *   POST /api/_trials          BackTestRequest -> 201 {id}; worked in the background
 *   GET  /api/_trials          -> BackTestLine[], newest first
 *   GET  /api/_trials/:id      -> BackTest; ?budget_id= for when what is left of a budget would be used up
 *   POST /api/_trials/:id/cancel
 *
 * For whoever may read earn rules and customers (a back-test: tiers too, and every customer); a draft is for whoever may save it.
 */
import { type Context, Hono } from 'hono';
import { sql } from 'kysely';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Field, Resource } from '../contract.ts';
import type { BackTest } from '../contract-trials.ts';
import { workOff } from '../engine/back-test-worker.ts';
import { dryRun } from '../engine/dry-run.ts';
import { openTrial } from '../engine/open-trial.ts';
import { readDraft } from '../engine/trial-drafts.ts';
import { FACT_FIELDS, FACT_RULES, WHO_FIELDS } from '../engine/trial-form.ts';
import { ownerOf } from '../engine/trial-make.ts';
import { fieldErrors, Problem, problem } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { accessOf } from '../records/access.ts';
import { listOptions } from '../records/options.ts';
import { missingNamed, newlyNamed } from '../records/relations.ts';
import { validateRecord } from '../validate.ts';

/** Of the list. */
const LISTED = 50;

const FIELDS: { [name: string]: Field } = { ...FACT_FIELDS, ...WHO_FIELDS };
const FACT: Resource = {
  ...{ name: 'trials', table: 'app.orders', label: ['试算', 'Dry run'], group: 'programme', icon: 'star' },
  ...{ title: 'kind', fields: FIELDS, rules: FACT_RULES, access: {}, list: { columns: [], sort: 'id' } },
};

export function trialsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/_trials/form', (c) => {
    allow(c);
    return c.json({ fact: FACT_FIELDS, who: WHO_FIELDS }, 200, { 'cache-control': 'no-store' });
  });

  routes.get('/api/_trials/_options/:field', async (c) => {
    allow(c);
    const params = new URL(c.req.url).searchParams;
    const ids = params.getAll('id');
    const wrong = ids.find((id) => !/^\d{1,15}$/.test(id));
    if (wrong !== undefined) throw problem(400, 'bad_id', { id: wrong.slice(0, 60) });
    const wanted = { field: c.req.param('field'), q: params.get('q') ?? '', ids: ids.map(Number) };
    // What it leads to asks for its own rights.
    const readable = { ...FACT, access: Object.fromEntries(c.var.user.roles.map((role) => [role, 'r'])) };
    const reader = { caller: c.var.user, lang: c.var.lang };
    return c.json(await listOptions(deps, readable, wanted, reader), 200, { 'cache-control': 'no-store' });
  });

  routes.post('/api/_trials/dry_run', async (c) => {
    allow(c);
    const { draft = null, ...input } = await readObject(c, { max: 256 * 1024 });
    const { time_zone } = await readProgramme(deps.db);
    const { values, errors } = validateRecord({ resource: FACT, input, mode: 'create', time_zone });
    if (Object.keys(errors).length > 0) throw new Problem(422, 'invalid', {}, { errors });
    // Whom or what the caller may not see does not exist for them.
    const missing = await missingNamed(deps, newlyNamed(FIELDS, values, undefined), c.var.user);
    if (Object.keys(missing).length > 0) throw fieldErrors(missing);
    const owner = await ownerOf(deps.db, values);
    const theirs = await missingNamed(deps, newlyNamed(FIELDS, { customer_id: owner }, undefined), c.var.user);
    if (Object.keys(theirs).length > 0) {
      const by = ['order_id', 'redemption_id', 'customer_id'].find((field) => values[field] != null)!;
      throw fieldErrors({ [by]: { key: 'ref_missing' } });
    }
    const asked = { fact: values, draft: draft === null ? null : readDraft(draft, 'draft') };
    return c.json(await dryRun(deps, asked, c.var.user), 200, { 'cache-control': 'no-store' });
  });

  routes.post('/api/_trials', async (c) => {
    allowAll(c);
    const id = await openTrial(deps, await readObject(c, { max: 256 * 1024 }), c.var.user);
    // Not waited for; what it comes to is read as it goes.
    void workOff(deps);
    return c.json({ id }, 201);
  });

  routes.get('/api/_trials', async (c) => {
    allowAll(c);
    const lines = await deps.db
      .selectFrom('app.trials')
      .leftJoin('app.users', 'app.users.id', 'app.trials.created_by')
      .select([
        'app.trials.id',
        'app.trials.title',
        'app.trials.state',
        'app.trials.months',
        'app.trials.sampled',
        'app.trials.done',
        sql<string>`to_char(trials.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`.as('created_at'),
        'app.users.name as by',
      ])
      .orderBy('app.trials.id', 'desc')
      .limit(LISTED)
      .execute();
    return c.json(lines, 200, { 'cache-control': 'no-store' });
  });

  routes.get('/api/_trials/:id', async (c) => {
    allowAll(c);
    const budget_id = c.req.query('budget_id') ?? null;
    if (budget_id !== null && !/^\d{1,15}$/.test(budget_id)) throw problem(400, 'bad_parameter', { name: 'budget_id' });
    const budgets = deps.resources.get('budgets');
    if (budget_id !== null && (!budgets || !accessOf(c.var.user, budgets).list))
      throw problem(403, 'forbidden_list', { resource: budgets?.label ?? 'budgets' });
    const { rows } = await sql<{ result: BackTest | null }>`
      select ops.trial_result(${trialId(c)}::bigint, ${budget_id}::bigint) as result
    `.execute(deps.db);
    const result = rows[0]?.result;
    if (!result) throw problem(404, 'not_found');
    return c.json(result, 200, { 'cache-control': 'no-store' });
  });

  routes.post('/api/_trials/:id/cancel', async (c) => {
    allowAll(c);
    const mine = await deps.db
      .selectFrom('app.trials')
      .select('created_by')
      .where('id', '=', trialId(c))
      .executeTakeFirst();
    if (!mine) throw problem(404, 'not_found');
    const rules = deps.resources.get('earn_rules')!;
    if (mine.created_by !== c.var.user.id && !accessOf(c.var.user, rules).edit)
      throw problem(403, 'forbidden_edit', { resource: rules.label });
    await deps.db
      .updateTable('app.trials')
      .set({ state: 'cancelled', finished_at: sql<string>`clock_timestamp()` })
      .where('id', '=', trialId(c))
      .where('state', 'in', ['waiting', 'running'])
      .execute();
    return c.json({ id: trialId(c) });
  });

  function trialId(c: Context<Env>): number {
    const id = c.req.param('id')!;
    if (!/^\d{1,15}$/.test(id)) throw problem(400, 'bad_id', { id: id.slice(0, 60) });
    return Number(id);
  }

  /** Sums over people whom the caller may not see would tell of them. */
  function allowAll(c: Context<Env>): void {
    allow(c, ['earn_rules', 'tiers', 'customers']);
    const customers = deps.resources.get('customers')!;
    if (accessOf(c.var.user, customers).rows) throw problem(403, 'forbidden_list', { resource: customers.label });
  }

  function allow(c: Context<Env>, names = ['earn_rules', 'customers']): void {
    for (const name of names) {
      const resource = deps.resources.get(name);
      if (!resource || !accessOf(c.var.user, resource).list)
        throw problem(403, 'forbidden_list', { resource: resource?.label ?? name });
    }
  }

  return routes;
}
