/**
 * The yardstick: the least a Node server over Postgres can do. node:http, named prepared statements, rows through
 * JSON.stringify; nobody signs in, nothing is checked, nothing is recorded. Dates stay text, which is faster than pg's default.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import pg from 'pg';

for (const type of [pg.types.builtins.DATE, pg.types.builtins.TIMESTAMPTZ])
  pg.types.setTypeParser(type, (text) => text);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
const stored = process.env.STORED_COLUMNS as string;
const shown = process.env.SHOWN_COLUMNS as string;
const page = `from base.customers where channel = $1 and status = 'active'`;

const STATEMENTS = {
  list: `select ${stored} ${page} order by enrolled_on desc, id desc limit $2 offset $3`,
  capped: `select count(*) as total from (select 1 ${page} limit 10001) counted`,
  exact: `select count(*) as total ${page}`,
  get: `select ${shown} from base.customers where id = $1`,
  create: `insert into app.customers (external_id, name, channel, enrolled_on) values ($1, $2, $3, current_date) returning ${stored}`,
  patch: `update app.customers set city = $2, version = version + 1, updated_at = now() where id = $1 returning ${stored}`,
};

async function run(name: keyof typeof STATEMENTS, values: unknown[]): Promise<Record<string, unknown>[]> {
  return (await pool.query({ name, text: STATEMENTS[name], values })).rows;
}

async function answer(request: IncomingMessage): Promise<{ rows: unknown; total?: unknown }> {
  const url = new URL(request.url as string, 'http://thin');
  const id = url.pathname.split('/')[2];
  if (request.method === 'GET' && id) return { rows: (await run('get', [id]))[0] };
  if (request.method === 'GET') {
    const channel = url.searchParams.get('channel');
    const start = Number(url.searchParams.get('_start'));
    const count = url.searchParams.get('_count');
    const list = run('list', [channel, Number(url.searchParams.get('_end')) - start, start]);
    if (count !== 'capped' && count !== 'exact') return { rows: await list };
    const [rows, counted] = await Promise.all([list, run(count, [channel])]);
    return { rows, total: counted[0]?.total };
  }
  let text = '';
  for await (const part of request) text += part;
  const body = JSON.parse(text) as Record<string, unknown>;
  if (request.method === 'PATCH') return { rows: (await run('patch', [id, body.city]))[0] };
  return { rows: (await run('create', [body.external_id, body.name, body.channel]))[0] };
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { rows, total } = await answer(request);
  const body = JSON.stringify(rows);
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(body));
  if (total !== undefined) response.setHeader('x-total-count', String(total));
  response.end(body);
}

createServer((request, response) => {
  handle(request, response).catch((error) => response.writeHead(500).end(String(error)));
}).listen(Number(process.env.PORT), '127.0.0.1');
