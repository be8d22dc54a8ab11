/** What jobs write down for good, one text a day and number: the days there are, and one of them. */
import type { Context, Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { Pair, Role } from '../contract.ts';
import type { Written, WrittenDays } from '../contract-written.ts';
import { problem } from '../errors.ts';
import { readDate } from '../predicate/values.ts';
import { standsFor } from '../records/access.ts';
import { badParameter } from '../report/run.ts';
import { hasScope } from '../sign-in/token-scopes.ts';

const DAYS_MAX = 400;

/** @throws 403 with the message where the caller has none of the roles */
export function checkReader(c: Context<Env>, roles: readonly Role[], message: Pair): void {
  const { user } = c.var;
  if (!hasScope(user, 'reports:read') || !standsFor(user, roles)) throw problem(403, 'forbidden', {}, { message });
}

/** Adds <path>/written and <path>/written/:day?number=. @param options.check throws where the caller may not read them */
export function addWritten(
  app: Hono<Env>,
  deps: Deps,
  {
    path,
    table,
    none,
    check,
  }: {
    path: string;
    table: 'app.health_reports' | 'app.stage_evaluations';
    none: Pair;
    check: (c: Context<Env>) => Promise<void>;
  },
): void {
  const written = deps.db.selectFrom(`${table as 'app.health_reports'} as report`);

  app.get(`${path}/written`, async (c) => {
    await check(c);
    const days = await written
      .select(['reported_on', 'number', 'written_at', 'sha256'])
      .distinctOn('reported_on')
      .orderBy('reported_on', 'desc')
      .orderBy('number', 'desc')
      .limit(DAYS_MAX)
      .execute();
    return c.json({ written: days } satisfies WrittenDays);
  });

  app.get(`${path}/written/:day`, async (c) => {
    await check(c);
    const day = c.req.param('day') ?? '';
    if (readDate(day) === null) throw badParameter('day', ['日期格式为 2026-03-01', 'A day is written 2026-03-01']);
    const asked = c.req.query('number');
    const number = asked === undefined ? null : Number(asked);
    if (number !== null && !(Number.isInteger(number) && number >= 1 && number < 2 ** 31))
      throw badParameter('number', ['请填写正整数', 'Must be a whole number from 1']);
    const every = await written
      .select('number')
      .where('reported_on', '=', day)
      .orderBy('number', 'desc')
      .limit(1)
      .execute();
    const numbers = every[0]?.number ?? 0;
    const found = await written
      .select(['reported_on', 'number', 'written_at', 'sha256', 'body'])
      .where('reported_on', '=', day)
      .where('number', '=', number ?? numbers)
      .executeTakeFirst();
    if (!found) throw problem(404, 'not_found', {}, { message: none });
    return c.json({ ...found, numbers } satisfies Written<typeof found.body>);
  });
}
