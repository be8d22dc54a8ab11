/**
 * Facts from shops and CRM systems:
 *
 *   POST /api/v1/orders    one order or an array of up to 1,000
 *   POST /api/v1/returns   one return or an array
 *   POST /api/v1/events    one event or an array: what customers do beside buying
 *
 * One: 201 accepted, 200 replayed (with `differs` when it says something else now), 202 waiting_for_order, 422 with errors.
 * An array: 200 with {results: […]} in the order sent, each with the status code it would have had alone; what is wrong
 * with one does not keep the others out. A fact counts once by (source, external_id), for ever.
 */
import { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { readJson } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Field, FieldError, Json, Lang, Row } from '../contract.ts';
import { fieldError, fieldErrors, problem, retrying } from '../errors.ts';
import { type CheckedFact, checkFact, type FactKind } from '../facts/check.ts';
import { EVENT_FIELDS, ORDER_FIELDS, RETURN_FIELDS } from '../facts/fields.ts';
import { gathering } from '../gathering.ts';
import { readProgramme } from '../programme.ts';
import { announce } from '../records/announce.ts';
import type { DB } from '../schema.ts';
import { mayAsk } from './shop-request.ts';

const BATCH_MAX = 1000;
const BODY_MAX = 16 * 1024 * 1024;
const FIELDS: { [kind in FactKind]: { [name: string]: Field } } = {
  orders: ORDER_FIELDS,
  returns: RETURN_FIELDS,
  events: EVENT_FIELDS,
};

/** What ops.accept_…_json says of one fact. */
interface Answer {
  external_id: string;
  status: 'accepted' | 'replayed' | 'waiting_for_order' | 'rejected';
  id: number | null;
  reason: string | null;
  field: string | null;
  params?: { [name: string]: Json } | null;
  differs: boolean;
  advanced?: boolean;
  order_id?: number | null;
  amount?: string | null;
}
const CODES = { accepted: 201, replayed: 200, waiting_for_order: 202, rejected: 422 } as const;

export function v1Routes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  for (const kind of ['orders', 'returns', 'events'] as const) {
    // A shop that sends one by one has them accepted together with others', which is several times the facts a second.
    const acceptOne = gathering((facts: readonly CheckedFact[]) => accept(deps.db, kind, facts));
    routes.post(`/api/v1/${kind}`, async (c) => {
      mayAsk(c.var.user);
      const body = await readJson(c, { max: BODY_MAX });
      const many = Array.isArray(body);
      const items: unknown[] = many ? body : [body];
      if (items.length < 1 || items.length > BATCH_MAX) throw problem(422, 'batch_size', { max: BATCH_MAX });
      const { time_zone } = await readProgramme(deps.db);
      const facts = items.map((item) => checkFact(kind, FIELDS[kind], item, time_zone));
      const single = facts[0]!;
      if (!many && single.faults.size > 0) throw fieldErrors(Object.fromEntries(single.faults));
      const answers = many ? await accept(deps.db, kind, facts) : [await acceptOne(single)];
      announceChanges(deps, kind, answers);
      if (!many) {
        const answer = answers[0]!;
        if (answer.status === 'rejected') throw fieldErrors({ [answer.field!]: refusal(answer, kind) });
        return c.json(told(answer), CODES[answer.status]);
      }
      const results = facts.map((fact, at) => result(fact, answers[at], { kind, lang: c.var.lang }));
      return c.json({ results });
    });
  }
  return routes;
}

/** The answers by place; facts with faults have none. All of them in one transaction. */
async function accept(db: Kysely<DB>, kind: FactKind, facts: readonly CheckedFact[]): Promise<(Answer | undefined)[]> {
  const answers = new Array<Answer | undefined>(facts.length);
  const bySource = new Map<string, number[]>();
  for (const [at, { values, faults }] of facts.entries()) {
    if (faults.size > 0) continue;
    const source = values.source as string;
    bySource.set(source, [...(bySource.get(source) ?? []), at]);
  }
  if (bySource.size === 0) return answers;
  await retrying(() =>
    db.transaction().execute(async (trx) => {
      // In one order for everybody, so that two requests never wait for each other.
      for (const [source, places] of [...bySource].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        const body = JSON.stringify(places.map((at) => facts[at]!.values));
        const { answered } = await trx
          .selectNoFrom((row) =>
            row
              .fn<Answer[]>(`ops.accept_${kind}_json`, [row.val(source), row.cast(row.val(body), 'jsonb')])
              .as('answered'),
          )
          .executeTakeFirstOrThrow();
        for (const [index, at] of places.entries()) answers[at] = answered[index];
      }
    }),
  );
  return answers;
}

function announceChanges(deps: Deps, kind: FactKind, answers: readonly (Answer | undefined)[]): void {
  const changed = answers.filter((answer) => answer?.status === 'accepted' || answer?.advanced);
  if (changed.length > 0)
    announce(
      deps,
      kind,
      changed.map((answer) => answer!.id!),
    );
}

function refusal({ reason, field, params }: Answer, kind: FactKind) {
  const label = FIELDS[kind][field!]?.label;
  return { key: reason!, params: { ...(label ? { label } : {}), ...params } };
}

/** An answer as it travels: only what there is to say. */
function told({ external_id, status, id, order_id, amount, differs, advanced }: Answer): Row {
  return {
    external_id,
    status,
    id,
    ...(order_id == null ? {} : { order_id }),
    ...(amount == null ? {} : { amount }),
    ...(differs ? { differs } : {}),
    ...(advanced ? { advanced } : {}),
  };
}

function result(fact: CheckedFact, answer: Answer | undefined, { kind, lang }: { kind: FactKind; lang: Lang }): Row {
  if (answer && answer.status !== 'rejected') return { code: CODES[answer.status], ...told(answer) };
  const errors: { [field: string]: FieldError } = {};
  for (const [path, fault] of fact.faults) errors[path] = fieldError(fault, lang);
  if (answer) errors[answer.field!] = fieldError(refusal(answer, kind), lang);
  const external_id = (fact.values.external_id ?? null) as Json;
  return { code: 422, external_id, status: 'rejected', errors: errors as unknown as Json };
}
