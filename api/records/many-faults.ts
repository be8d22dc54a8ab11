/** What is wrong with which of many records: gathered, so that all of it is told at once. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Row } from '../contract.ts';
import { type FieldFault, Problem, type RowFault, toProblem } from '../errors.ts';
import type { ManyWrite } from './many-statements.ts';
import { type Named, notOffered } from './relations.ts';
import { checkSums } from './row-sums.ts';
import { titleField } from './wire.ts';

/** Faulty records are told up to this many. */
const FAULTS_MAX = 100;

export interface Faults {
  ids: Set<number>;
  /** The first of them. */
  rows: RowFault[];
}
type Faulty = ManyWrite & { faults: Faults };

export const noFaults = (): Faults => ({ ids: new Set(), rows: [] });

/** A record is told once, by what was found first. */
export function noteFault({ faults, shape, writer }: Faulty, row: Row, errors: { [field: string]: FieldFault }): void {
  const id = row.id as number;
  if (faults.ids.has(id)) return;
  faults.ids.add(id);
  if (faults.rows.length >= FAULTS_MAX) return;
  const name = titleField(shape.resource, shape.access, writer.lang);
  const masked = name !== null && shape.access.fields.get(name)?.masked;
  const title = name === null || masked ? null : row[name];
  faults.rows.push({ id, title: title ? String(title) : `#${id}`, errors });
}

/** The faults of a refusal that concerns one record. @throws the error, when it is no refusal */
export function faultsOf(error: unknown, resource: Parameters<typeof toProblem>[1]): { [field: string]: FieldFault } {
  const fault = toProblem(error, resource);
  if (fault.status >= 500) throw error;
  return fault.errors ?? { '': { key: fault.key, params: fault.params, message: fault.pair } };
}

/** Asks the resource's guard about each change; it looks and writes nothing. */
export async function guardMany(
  deps: Deps,
  many: Faulty,
  changes: readonly { before: Row; after: Row | null }[],
): Promise<void> {
  const { resource } = many.shape;
  if (!resource.guard || changes.length === 0) return;
  const trx = many.writer.trx ?? deps.db;
  const routine = sql.id('ops', resource.guard);
  const json = (row: Row | null) => sql`${row && JSON.stringify(row)}::jsonb`;
  await sql`savepoint guarded`.execute(trx);
  for (const { before, after } of changes) {
    try {
      await sql`
        select ${routine}(${before.id}::bigint, ${many.writer.caller.id}::bigint, ${json(before)}, ${json(after)})
      `.execute(trx);
    } catch (error) {
      const errors = faultsOf(error, resource);
      // What others wrote before it stays undone: with a fault nothing of the whole is kept anyway.
      await sql`rollback to savepoint guarded`.execute(trx);
      noteFault(many, before, errors);
    }
  }
}

/** Which of the records would name others that their fields do not offer. */
export async function noteNotOffered(
  deps: Deps,
  many: Faulty,
  offered: readonly { row: Row; named: readonly Named[] }[],
): Promise<void> {
  const named = offered.flatMap(({ named: all }, at) => all.map((each) => ({ ...each, path: `${at} ${each.path}` })));
  const faults = await notOffered(deps, named, many.writer.caller, many.writer.trx);
  const byRow = Map.groupBy(Object.entries(faults), ([path]) => Number(path.split(' ')[0]));
  for (const [at, found] of byRow) {
    const errors = Object.fromEntries(found.map(([path, fault]) => [path.slice(path.indexOf(' ') + 1), fault]));
    noteFault(many, offered[at]!.row, errors);
  }
}

/** Which of the records have rows that do not add up. */
export async function sumMany(deps: Deps, many: Faulty, rows: readonly Row[]): Promise<void> {
  const { resource } = many.shape;
  const trx = many.writer.trx ?? deps.db;
  const holds = (ids: readonly number[]) =>
    checkSums(trx, { resource, ids }).then(
      () => null,
      (error: unknown) => {
        if (error instanceof Problem) return error;
        throw error;
      },
    );
  if (!(await holds(rows.map((row) => row.id as number)))) return;
  for (const row of rows) {
    const fault = await holds([row.id as number]);
    if (fault?.errors) noteFault(many, row, fault.errors);
  }
}
