/**
 *   GET  /api/_trials/form     -> the fields that describe a made-up fact
 *   POST /api/_trials/dry_run  {…fact, draft?: TrialDraft} -> DryRun: what it would bring, and why; nothing is kept
 *
 * For whoever may read earn rules and customers; a draft is for whoever may save it.
 */
import { type Context, Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Field, Resource } from '../contract.ts';
import { dryRun } from '../engine/dry-run.ts';
import { readDraft } from '../engine/trial-drafts.ts';
import { FACT_FIELDS, WHO_FIELDS } from '../engine/trial-form.ts';
import { fieldErrors, Problem, problem } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { accessOf } from '../records/access.ts';
import { missingNamed, newlyNamed } from '../records/relations.ts';
import { validateRecord } from '../validate.ts';

const FIELDS: { [name: string]: Field } = { ...FACT_FIELDS, ...WHO_FIELDS };
const FACT: Resource = {
  ...{ name: 'trials', table: 'app.orders', label: ['试算', 'Dry run'], group: 'programme', icon: 'star' },
  ...{ title: 'kind', fields: FIELDS, rules: [], access: {}, list: { columns: [], sort: 'id' } },
};

export function trialsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/_trials/form', (c) => {
    allow(c);
    return c.json({ fact: FACT_FIELDS, who: WHO_FIELDS }, 200, { 'cache-control': 'no-store' });
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
    const asked = { fact: values, draft: draft === null ? null : readDraft(draft, 'draft') };
    return c.json(await dryRun(deps, asked, c.var.user), 200, { 'cache-control': 'no-store' });
  });

  function allow(c: Context<Env>): void {
    for (const name of ['earn_rules', 'customers']) {
      const resource = deps.resources.get(name);
      if (!resource || !accessOf(c.var.user, resource).list)
        throw problem(403, 'forbidden_list', { resource: resource?.label ?? name });
    }
  }

  return routes;
}
