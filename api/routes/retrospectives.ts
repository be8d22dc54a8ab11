/**
 * Monthly retrospectives:
 *
 *   GET  /api/_retrospectives                                -> RetrospectiveList
 *   POST /api/_retrospectives/2026-01                        -> {number, written}: its figures worked out anew
 *   GET  /api/_retrospectives/2026-01?number=2               -> RetrospectiveRead
 *   PUT  /api/_retrospectives/2026-01/2/text                 -> {version} from {text, version}; 412 with the text as it is now
 *   POST /api/_retrospectives/2026-01/2/submit|return|sign   -> 204 from {version}
 *   POST /api/_retrospectives/2026-01/2/comments             -> 201 RetrospectiveComment from {anchor, body}
 *   GET  /api/_retrospectives/2026-01/2/changes              -> RetrospectiveChanges
 *
 * As files: retrospective-files.ts.
 */
import type { Context } from 'hono';
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Pair, Row } from '../contract.ts';
import type {
  RetrospectiveChanges,
  RetrospectiveComment,
  RetrospectiveList,
  RetrospectiveRead,
} from '../contract-written.ts';
import { fieldErrors } from '../errors.ts';
import {
  addComment,
  type Doer,
  decide,
  listRetrospectives,
  readRetrospective,
  retrospectiveChanges,
  saveText,
  writeRetrospective,
} from '../report/retrospective-store.ts';
import { badParameter } from '../report/run.ts';

export const RETROSPECTIVE_TEXT_MAX = 20_000;
const COMMENT_MAX = 2000;
const INTEGER_MAX = 2 ** 31 - 1;

export function retrospectivesRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  const fresh = { 'cache-control': 'no-store' };

  app.get('/api/_retrospectives', async (c) =>
    c.json((await listRetrospectives(deps, c.var.user)) satisfies RetrospectiveList, 200, fresh),
  );

  app.post('/api/_retrospectives/:month', async (c) => {
    const month_on = monthOf(c);
    await readObject(c, { optional: true });
    const made = await writeRetrospective(deps, month_on, doerOf(c));
    return c.json(made, made.written ? 201 : 200);
  });

  app.get('/api/_retrospectives/:month', async (c) => {
    const of = { month_on: monthOf(c), number: numberOf(c.req.query('number')) };
    return c.json((await readRetrospective(deps, of, c.var.user)) satisfies RetrospectiveRead, 200, fresh);
  });

  app.put('/api/_retrospectives/:month/:number/text', async (c) => {
    const body = fields(await readObject(c), { text: { max: RETROSPECTIVE_TEXT_MAX, empty: true } });
    return c.json(await saveText(deps, { ...namedOf(c), text: body.text!, version: body.version }, doerOf(c)));
  });

  for (const step of ['submit', 'return', 'sign'] as const) {
    app.post(`/api/_retrospectives/:month/:number/${step}`, async (c) => {
      const { version } = fields(await readObject(c), {});
      await decide(deps, { ...namedOf(c), step, version }, doerOf(c));
      return c.body(null, 204);
    });
  }

  app.post('/api/_retrospectives/:month/:number/comments', async (c) => {
    const { anchor, body } = fields(await readObject(c), { anchor: { max: 200 }, body: { max: COMMENT_MAX } }, false);
    const made = await addComment(deps, { ...namedOf(c), anchor: anchor!, body: body! }, doerOf(c));
    return c.json(made satisfies RetrospectiveComment, 201);
  });

  app.get('/api/_retrospectives/:month/:number/changes', async (c) =>
    c.json((await retrospectiveChanges(deps, namedOf(c), c.var.user)) satisfies RetrospectiveChanges, 200, fresh),
  );

  return app;
}

export function doerOf(c: Context<Env>): Doer {
  return { caller: c.var.user, request_id: c.var.request_id };
}

/** "2026-01" */
export function monthOf(c: Context<Env>): string {
  const month = c.req.param('month') ?? '';
  if (!/^(19|20)\d{2}-(0[1-9]|1[0-2])$/.test(month))
    throw badParameter('month', ['月份格式为 2026-01', 'A month is written 2026-01']);
  return `${month}-01`;
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (!(Number.isInteger(number) && number >= 1 && number <= INTEGER_MAX))
    throw badParameter('number', ['请填写正整数', 'Must be a whole number from 1']);
  return number;
}

export function namedOf(c: Context<Env>): { month_on: string; number: number } {
  return { month_on: monthOf(c), number: numberOf(c.req.param('number') ?? '')! };
}

type Wanted = { [field: string]: { max: number; empty?: true } };

/** Texts by name and the version that was seen; anything else, and anything missing, is named. @throws Problem 422 */
function fields<W extends Wanted>(
  body: Row,
  wanted: W,
  versioned = true,
): { [name in keyof W]?: string } & { version: number } {
  const errors: { [field: string]: { key: string; message: Pair } } = {};
  const fault = (name: string, key: string, message: Pair) => {
    errors[name] = { key, message };
  };
  for (const name of Object.keys(body)) {
    if (!(name in wanted) && !(versioned && name === 'version'))
      fault(name, 'unknown_field', ['没有这个字段', 'There is no such field']);
  }
  for (const [name, { max, empty }] of Object.entries(wanted)) {
    const value = body[name];
    if (typeof value !== 'string' || (!empty && value.trim() === ''))
      fault(name, 'required', ['请填写文字', 'Text is needed']);
    else if (value.length > max) fault(name, 'too_long', [`最多 ${max} 个字`, `At most ${max} characters`]);
  }
  const { version } = body;
  if (versioned && !(Number.isInteger(version) && Number(version) >= 1 && Number(version) <= INTEGER_MAX))
    fault('version', 'required', ['请填写读到的版本号', 'The version that was read is needed']);
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  return body as { [name in keyof W]?: string } & { version: number };
}
