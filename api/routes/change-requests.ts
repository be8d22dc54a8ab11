/**
 *   POST /api/:resource/_propose  {id?, values, delete?, effective_at?, note?, draft?} -> 202 the change request
 *   GET  /api/:resource/:id/_diff -> ChangeDiff, for records that propose a change of another
 */
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { ChangeDiff, ProposeRequest, Row } from '../contract.ts';
import { fieldErrors, problem } from '../errors.ts';
import { accessOf } from '../records/access.ts';
import { describeInput } from '../records/action.ts';
import { peopleAgreed, rolesIn, settles } from '../records/approval.ts';
import { askingNow, authorOf, overtakenFields } from '../records/change-course.ts';
import { type ChangeRequest, proposeChange } from '../records/change-requests.ts';
import { seenChanges } from '../records/history.ts';
import { getRow } from '../records/query.ts';
import { readCurrent } from '../records/read-current.ts';
import { Fault, parseFieldValue } from '../validate.ts';
import { idOf, proposedAnswer, resourceOf, writerOf } from './resources.ts';

export function changeRequestsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.post('/api/:resource/_propose', async (c) => {
    const resource = resourceOf(deps, c);
    const writer = writerOf(c);
    const request = readProposal(await readObject(c));
    return proposedAnswer(deps, await proposeChange(deps, resource, request, writer), writer);
  });

  routes.get('/api/:resource/:id/_diff', async (c) => {
    const resource = resourceOf(deps, c);
    const id = idOf(c);
    const writer = writerOf(c);
    if (!resource.diff || !(await getRow(deps, resource, id, writer))) throw problem(404, 'not_found');
    const request = await deps.db
      .selectFrom('app.change_requests')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const target = deps.resources.get(request.resource);
    if (!target) throw problem(404, 'unknown_resource', { resource: request.resource, hint: '' });
    const access = accessOf(writer.caller, target);
    if (!access.list) throw problem(403, 'forbidden_list', { resource: target.label });
    const { record_id, action } = request as { record_id: number | null; action: ChangeDiff['action'] };
    const current = record_id === null ? null : await readCurrent(deps, target, record_id, writer);
    // Who may not see the record may not read in a proposal what it holds.
    const there = action === 'update' || action === 'action';
    if (record_id !== null && !current && there) throw problem(404, 'not_found');
    const [base, changes] = [request.base as Row, request.changes as Row];
    const waits = ['draft', 'in_review', 'approved', 'failed'].includes(request.state);
    const overtaken =
      waits && current ? overtakenFields(target, { names: Object.keys(changes), base, current }) : ([] as string[]);
    const seen = overtaken.filter((name) => access.fields.get(name)?.read);
    const diff: ChangeDiff = {
      ...{ resource: target.name, record_id, action, overtaken: seen },
      ...seenChanges(target, access, base, action === 'delete' ? {} : changes),
      // Of an author or a record that is gone there is nothing to agree to.
      consents: await consentsOf(deps, request, waits).catch(() => []),
    };
    const { name, input = {} } = (request.details ?? {}) as { name?: string; input?: Row };
    const asked = name === undefined ? undefined : target.actions?.[name];
    if (name) diff.label = asked?.label ?? [name, name];
    // A definition may have changed since; then there is only its name to tell.
    if (asked) diff.input = await describeInput(deps, asked, input).catch(() => []);
    return c.json(diff, 200, { 'cache-control': 'no-store' });
  });

  return routes;
}

/** The rules that it waits for, and who agreed to them so far. */
async function consentsOf(deps: Deps, request: ChangeRequest, waits: boolean): Promise<ChangeDiff['consents']> {
  if (!waits) return [];
  const agreed = await peopleAgreed(deps.db, request.id);
  const rules = await askingNow(deps, deps.db, request, await authorOf(deps.db, request));
  return rules.map((rule) => ({
    name: rule.name,
    roles: [...rolesIn(deps.resources, rule.by)],
    agreed: agreed.find((person) => settles(person, rule))?.name ?? null,
  }));
}

const KEYS = ['id', 'values', 'delete', 'effective_at', 'note', 'draft'];

/** @throws Problem 400 for an unknown key, 422 naming the field */
function readProposal(body: Row): ProposeRequest {
  for (const name of Object.keys(body))
    if (!KEYS.includes(name)) throw problem(400, 'unknown_parameter', { name: name.slice(0, 60), hint: '' });
  const { id, values = {}, note, effective_at, draft = false } = body;
  if (id !== undefined && !Number.isSafeInteger(id)) throw fieldErrors({ id: { key: 'not_an_integer' } });
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw fieldErrors({ values: { key: 'not_an_object' } });
  for (const [name, value] of Object.entries({ draft, delete: body.delete ?? false }))
    if (typeof value !== 'boolean') throw fieldErrors({ [name]: { key: 'not_a_boolean' } });
  if (body.delete === true && id === undefined) throw fieldErrors({ id: { key: 'required' } });
  const label = ['变更说明', 'Note'] as const;
  const text = parseFieldValue({ kind: 'text', label, max: 1000 }, note ?? null, 'json', {});
  if (text instanceof Fault) throw fieldErrors({ note: text });
  const time = parseFieldValue(
    { kind: 'datetime', label: ['生效时间', 'Takes effect'] },
    effective_at ?? null,
    'json',
    {},
  );
  if (time instanceof Fault) throw fieldErrors({ effective_at: time });
  return { ...body, values, note: text ?? undefined, effective_at: time ?? undefined } as ProposeRequest;
}
