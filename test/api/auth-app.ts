import { Hono } from 'hono';
import { Kysely, PostgresDialect } from 'kysely';
import { pino } from 'pino';
import { signedIn, spoken } from '../../api/auth.ts';
import type { Deps, Env } from '../../api/context.ts';
import { apiError, toProblem } from '../../api/errors.ts';
import { sameOrigin } from '../../api/origin.ts';
import { authRoutes } from '../../api/routes/auth.ts';
import type { DB } from '../../api/schema.ts';
import type { TestDatabase } from '../database.ts';

export function openApp(t: TestDatabase, o: { separate?: boolean } = {}): Hono<Env> {
  const db = o.separate ? new Kysely<DB>({ dialect: new PostgresDialect({ pool: t.pool }) }) : t.db;
  const deps: Deps = {
    config: { ...t.config, trust_proxy: true },
    db,
    pool: t.pool,
    report: t.report,
    resources: new Map(),
    log: pino({ level: 'silent' }),
  };
  const app = new Hono<Env>();
  app.onError((error, c) => {
    const p = toProblem(error);
    if (p.status >= 500) console.error(error);
    if (p.params.seconds) c.header('retry-after', String(p.params.seconds));
    return c.json(apiError({ problem: p, lang: c.var.lang }), p.status as 400);
  });
  app.use('/api/*', spoken, sameOrigin);
  app.route('/', authRoutes(deps));
  app.use('/api/*', signedIn(deps));
  app.get('/api/_meta', (c) => c.json({ user: c.var.user }));
  app.patch('/api/users/:id', async (c) => {
    await db
      .updateTable('app.users')
      .set(await c.req.json())
      .where('id', '=', Number(c.req.param('id')))
      .execute();
    return c.json({});
  });
  return app;
}
