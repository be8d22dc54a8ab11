/**
 * What permissions cost: somebody whose role hides fields, masks personal data, sees some of the rows and is held to a layout
 * of its own, beside an administrator, in processor time of the same request, in turns.
 */

import { sql } from 'kysely';
import { openSession, SESSION_COOKIE } from '../../api/sign-in/sessions.ts';
import type { HttpCase } from './http-cases.ts';
import { ask } from './measure-custom.ts';
import { type HttpFigure, measureHttp } from './measure-http.ts';
import type { Setting } from './setting.ts';

const AIM = 1.15;
const ROLE = 'bench_role';
const EMAIL = 'bench-role@evergreen.example';
/** What the role may not read, or not write. */
const UNREAD = ['education', 'occupation', 'consent_profiling', 'recency_score', 'frequency_score', 'monetary_score'];
const UNWRITTEN = ['channel', 'tags', 'gender', 'birth_on', 'province'];
const SHOWN = ['external_id', 'name', 'province', 'city', 'channel', 'enrolled_on', 'status'];

export interface PermissionFigure {
  name: string;
  /** Processor time of the role's request / of the administrator's. */
  ratio: number;
  role_us: number;
  administrator_us: number;
  aim: number;
  met: boolean;
}

export async function measurePermissions(
  setting: Setting,
  options: { seconds: number; rounds: number },
): Promise<PermissionFigure[]> {
  const restricted = await restrictedCookie(setting);
  const [by_administrator, by_role] = await Promise.all(
    [setting.cookie, restricted].map((each) => cases(setting, each)),
  );
  const figures: PermissionFigure[] = [];
  for (const [at, each] of by_administrator!.entries()) {
    const plain: HttpFigure[] = [];
    const heavy: HttpFigure[] = [];
    for (let round = 0; round < options.rounds; round++) {
      const once = { seconds: options.seconds, rounds: 1 };
      plain.push(...(await measureHttp(setting, [each], once)));
      heavy.push(...(await measureHttp(setting, [by_role![at]!], once)));
    }
    const [administrator_us, role_us] = [middle(plain), middle(heavy)];
    const ratio = role_us / administrator_us;
    figures.push({ name: each.name, ratio, role_us, administrator_us, aim: AIM, met: ratio <= AIM });
    console.log(`${each.name.padEnd(44)} ${ratio.toFixed(2)} x an administrator (<= ${AIM})`);
  }
  return figures;
}

function middle(figures: readonly HttpFigure[]): number {
  const costs = figures.map(({ server_us, postgres_us }) => server_us + postgres_us).sort((a, b) => a - b);
  return costs[Math.floor(costs.length / 2)]!;
}

async function cases({ owner }: Setting, cookie: string): Promise<HttpCase[]> {
  const headers = { cookie };
  const { rows } = await sql<{ id: number }>`
    select id from app.customers where channel in ('online', 'store') and status = 'active' order by random() limit 50000
  `.execute(owner);
  const any = () => rows[Math.floor(Math.random() * rows.length)]!.id;
  const list = `/api/customers?status=active&_sort=enrolled_on&_order=desc&_start=0&_end=25&_count=none&_fields=${SHOWN.join()}`;
  let made = 0;
  return [
    { name: 'a list of 25', aim: { why: '' }, ours: () => ({ method: 'GET', path: list, headers }) },
    { name: 'a record', aim: { why: '' }, ours: () => ({ method: 'GET', path: `/api/customers/${any()}`, headers }) },
    {
      name: 'a patch',
      aim: { why: '' },
      ours: () => ({
        method: 'PATCH',
        path: `/api/customers/${any()}`,
        headers,
        body: JSON.stringify({ city: `城${made++}` }),
      }),
    },
  ];
}

/** Somebody with the role alone, signed in. */
async function restrictedCookie(setting: Setting): Promise<string> {
  const { owner } = setting;
  const known = await owner.selectFrom('app.roles').select('id').where('code', '=', ROLE).executeTakeFirst();
  if (!known)
    await ask(setting, 'POST', '/roles', { code: ROLE, name_zh: '受限', name_en: 'Held back', base_role: 'operator' });
  await owner.deleteFrom('app.role_permissions').where('role', '=', ROLE).execute();
  const fields = Object.fromEntries([
    ...UNREAD.map((name) => [name, { read: false, write: false }]),
    ...UNWRITTEN.map((name) => [name, { write: false }]),
  ]);
  const rows = {
    mode: 'where',
    where: { channel: { in: ['online', 'store'] }, not: { status: { in: ['anonymised', 'anonymous'] } } },
  };
  const change = { letters: 'cru', rows, fields, actions: {} };
  await ask(setting, 'PUT', `/_permissions/${ROLE}/customers`, change, { 'if-match': '"0"' });
  const password_hash = 'nobody signs in with this either';
  const { id } = await owner
    .insertInto('app.users')
    .values({ email: EMAIL, name: 'Bench role', roles: [ROLE], pii: false, password_hash, lang: 'en' })
    .onConflict((known) => known.column('email').doUpdateSet({ status: 'active' }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return `${SESSION_COOKIE}=${await openSession(owner, { user_id: id, password_hash, user_agent: null, ip: null })}`;
}
