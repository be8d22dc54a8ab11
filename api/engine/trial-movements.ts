/** What a made-up fact had booked, movement by movement, in the words of the points ledger. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Pair } from '../contract.ts';
import type { TrialMovement } from '../contract-trials.ts';
import type { DB } from '../schema.ts';

const LISTED = 200;

/** After it, whatever is booked is because of the fact. */
export async function lastEntry(trx: Kysely<DB>, customer_id: number): Promise<number> {
  const { last } = await trx
    .selectFrom('app.points_entries')
    .select(({ fn }) => fn.coalesce(fn.max('id'), sql<number>`0`).as('last'))
    .where('customer_id', '=', customer_id)
    .executeTakeFirstOrThrow();
  return Number(last);
}

export async function readMovements(
  trx: Kysely<DB>,
  { resources }: Pick<Deps, 'resources'>,
  {
    customer_id,
    booked_before,
    names,
  }: { customer_id: number; booked_before: number; names: ReadonlyMap<number, Pair> },
): Promise<TrialMovement[]> {
  const rows = await trx
    .selectFrom('app.points_entries as entry')
    .leftJoin('app.points_lots as lot', (join) =>
      join
        .onRef('lot.book_id', '=', 'entry.book_id')
        .onRef('lot.customer_id', '=', 'entry.customer_id')
        .onRef('lot.origin_kind', '=', 'entry.origin_kind')
        .onRef('lot.origin_id', '=', 'entry.origin_id')
        .onRef('lot.rule_id', '=', 'entry.rule_id'),
    )
    .select([
      'entry.account',
      'entry.kind',
      'entry.from_state',
      'entry.to_state',
      'entry.points',
      'entry.rule_id',
      'entry.origin_kind',
      'lot.earned_on',
      sql<string | null>`to_char(lot.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`.as('expires_at'),
    ])
    .where('entry.book_id', '=', 0)
    .where('entry.customer_id', '=', customer_id)
    .where('entry.id', '>', booked_before)
    .orderBy('entry.id')
    .limit(LISTED)
    .execute();
  const word = (field: string, value: string): Pair => {
    const known = resources.get('points_entries')?.fields[field];
    return (known?.kind === 'choice' ? known.choices[value] : undefined) ?? [value, value];
  };
  return rows.map((row) => ({
    account: row.account as TrialMovement['account'],
    kind: word('kind', row.kind),
    from: word('from_state', row.from_state),
    to: word('to_state', row.to_state),
    points: Number(row.points),
    rule: row.rule_id === 0 ? null : (names.get(row.rule_id) ?? [`#${row.rule_id}`, `#${row.rule_id}`]),
    origin: row.earned_on === null ? null : word('fact_kind', row.origin_kind),
    earned_on: row.earned_on,
    expires_at: row.expires_at,
  }));
}
