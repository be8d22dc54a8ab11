/**
 * Staged rows saved one by one as a form would save them: validation, rules, conditions of fields, relations, guards and
 * consent are the same, so that a file can break nothing that a screen protects. For resources of a size that people
 * configure; apply.ts takes those whose rows come by the hundred thousand.
 */
import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import type { Deps } from '../context.ts';
import type { Field, Json, Resource, Row } from '../contract.ts';
import { type FieldFault, fieldErrors, Problem, problem } from '../errors.ts';
import { predicateFields } from '../predicate/fields.ts';
import { accessOf } from '../records/access.ts';
import { PROPOSALS_MAX } from '../records/many-proposals.ts';
import { readCurrent } from '../records/read-current.ts';
import { createRecord, isChange, updateRecord, type Writer } from '../records/write.ts';
import type { DB } from '../schema.ts';
import { loosely } from '../storage/loose-tables.ts';
import { jsonList } from '../values/parse-value.ts';
import { type Applied, type ApplyContext, type Refusal, STAGED } from './apply.ts';
import { matchRecords, refuseRows } from './match.ts';
import { resolveReferences } from './references.ts';

const AT_ONCE = 200;
const BY_FORM = new Set<Field['kind']>(['ref', 'refs', 'items', 'rows', 'predicate', 'layout']);

/** True when only saving row by row sees to all that the definition asks of a record. */
export function needsRecords({ resource, fields, given, caller }: Omit<ApplyContext, 'import_id'>): boolean {
  const all = Object.values(resource.fields);
  const brought = given.map((name) => ({ name, field: fields.fields[name]! }));
  return (
    resource.guard !== undefined ||
    resource.approval !== undefined ||
    fields.key.includes('id') ||
    accessOf(caller, resource).rows !== null ||
    all.some(({ showWhen, readonlyWhen, requiredWhen }) => showWhen ?? readonlyWhen ?? requiredWhen) ||
    brought.some(({ name, field }) => BY_FORM.has(field.kind) || (field.unique && !fields.key.includes(name))) ||
    // What the server works out is in a view: no row of the table can be asked about it.
    (resource.rules ?? []).some(({ when }) =>
      [...predicateFields(when)].some((name) => resource.fields[name]?.readonly),
    )
  );
}

/** @param stopped asked between rows; throws when somebody cancelled */
export async function applyRecords(
  deps: Deps,
  { trx, client, stopped }: { trx: Kysely<DB>; client: pg.Client; stopped(): void },
  context: ApplyContext,
): Promise<Applied> {
  const rows = loosely(trx);
  await matchRecords(rows, context);
  const errors = await refuseRows(rows, context, { records: true });
  const applied: Applied = { created: 0, updated: 0, unchanged: 0, skipped: 0, wrong: 0, counts: {}, errors };
  const { caller, request_id } = context;
  const writer: Writer = { caller, lang: 'zh', request_id, trx, via: 'import' };
  // A record may name one that an earlier row of the file has made.
  const own = context.given.some((name) => isOwn(context, name));
  let last = 0;
  for (;;) {
    const page = await nextRows(rows, context.import_id, { last, limit: own ? 1 : AT_ONCE });
    if (page.length === 0) break;
    last = page.at(-1)!.row_no;
    const lost = await resolveReferences(deps, rows, context, page);
    errors.push(...lost);
    const unresolved = new Set(lost.map(([row_no]) => row_no));
    for (const row of page) {
      stopped();
      if (unresolved.has(row.row_no)) continue;
      await client.query('savepoint import_row');
      try {
        const { id, did } = await save(deps, context, row, writer);
        if (did === 'proposed') countProposal(applied);
        else applied[did]++;
        if (did === 'created') await noteRecord(rows, context.import_id, row.row_no, id);
        await client.query('release savepoint import_row');
      } catch (error) {
        await client.query('rollback to savepoint import_row');
        if (!(error instanceof Problem) || error.status >= 500) throw error;
        errors.push(...refusalsOf(error, row.row_no, context));
      }
    }
  }
  applied.wrong = new Set(errors.map(([row_no]) => row_no)).size;
  return applied;
}

async function save(
  deps: Deps,
  { resource, fields }: ApplyContext,
  { record_id, data }: Staged,
  writer: Writer,
): Promise<{ id: number; did: 'created' | 'updated' | 'unchanged' | 'proposed' }> {
  const { id: _id, ...input } = data;
  const access = accessOf(writer.caller, resource);
  // The key finds the record; it need not be the caller's to write.
  readLists(resource, input, record_id === null);
  if (record_id !== null && resource.offers && !resource.offers.includes('u'))
    return { id: await sameRecord(deps, { resource, fields }, { id: record_id, input }, writer), did: 'unchanged' };
  for (const name of fields.key) if (record_id !== null && !access.fields.get(name)?.write) delete input[name];
  const { id, unchanged, proposed } =
    record_id === null
      ? await createRecord(deps, resource, input, writer)
      : await updateRecord(deps, resource, { id: record_id, input, if_match: null }, writer);
  return { id, did: proposed ? 'proposed' : record_id === null ? 'created' : unchanged ? 'unchanged' : 'updated' };
}

/**
 * What cannot be edited at all stays as it is; a file may bring it again, as an export does.
 * @returns its id. @throws Problem 422 when the row says anything else
 */
async function sameRecord(
  deps: Deps,
  { resource, fields }: Pick<ApplyContext, 'resource' | 'fields'>,
  { id, input }: { id: number; input: Row },
  writer: Writer,
): Promise<number> {
  const current = await readCurrent(deps, resource, id, writer);
  if (!current) throw problem(404, 'not_found');
  const [key = 'id'] = fields.key;
  const label = resource.fields[key]?.label ?? key;
  const differs = Object.entries(input).some(([name, value]) => isChange(resource.fields[name]!, value, current[name]));
  if (differs) throw fieldErrors({ [key]: { key: 'import_unique', params: { label } } });
  return id;
}

/** @throws Problem 422 for one more than are made at once; the row is refused then */
function countProposal({ counts }: Applied): void {
  const count = (counts.proposed ?? 0) + 1;
  if (count > PROPOSALS_MAX) throw problem(422, 'too_many_proposals', { max: PROPOSALS_MAX });
  counts.proposed = count;
}

interface Staged {
  row_no: number;
  record_id: number | null;
  data: Row;
}

async function nextRows(
  rows: ReturnType<typeof loosely>,
  import_id: number,
  { last, limit }: { last: number; limit: number },
): Promise<Staged[]> {
  const found = await rows
    .selectFrom(STAGED)
    .select(['row_no', 'record_id', 'data'])
    .where('batch_id', '=', import_id)
    .where('kind', '=', 'row')
    .where('row_no', '>', last)
    .orderBy('row_no')
    .limit(sql<number>`${limit}::integer`)
    .execute();
  return found as unknown as Staged[];
}

/** Rows of a child table stand in their cell as JSON; those of a new record have neither ids nor what the server fills. */
function readLists({ fields }: Resource, input: Row, creating: boolean): void {
  for (const [name, text] of Object.entries(input)) {
    const field = fields[name];
    if (field?.kind !== 'rows' || typeof text !== 'string') continue;
    const list = jsonList(text);
    if (!list) throw fieldErrors({ [name]: { key: 'not_json' } });
    const unwanted = (part: string) => part === 'id' || field.fields[part]?.readonly;
    input[name] = (list as Row[]).map((item) =>
      creating && typeof item === 'object' && item !== null
        ? Object.fromEntries(Object.entries(item).filter(([part]) => !unwanted(part)))
        : item,
    );
  }
}

async function noteRecord(
  rows: ReturnType<typeof loosely>,
  import_id: number,
  row_no: number,
  record_id: number,
): Promise<void> {
  await rows
    .updateTable(STAGED)
    .set({ record_id })
    .where('batch_id', '=', import_id)
    .where('row_no', '=', row_no)
    .execute();
}

function isOwn({ fields, resource }: ApplyContext, name: string): boolean {
  const field = fields.fields[name];
  return (field?.kind === 'ref' || field?.kind === 'refs') && field.to === resource.name;
}

/** What a save would have said, without a language: the sentence of a rule stays a pair. */
function refusalsOf(error: Problem, row_no: number, { resource, fields }: ApplyContext): Refusal[] {
  const faults = Object.entries(error.errors ?? {});
  if (faults.length === 0) {
    const reason = error.pair as Json | undefined;
    return [
      [
        row_no,
        fields.key[0]!,
        reason ? 'rule' : error.key,
        reason ? { reason } : (error.params as { [name: string]: Json }),
      ],
    ];
  }
  return faults.map(([path, fault]) => refusalOf(row_no, path, fault, resource));
}

function refusalOf(row_no: number, path: string, { key, params, message }: FieldFault, resource: Resource): Refusal {
  const [name = path] = path.split('.');
  const rule = resource.rules?.find((each) => key === `rule.${each.name}`);
  const reason = rule?.message ?? (Array.isArray(message) ? message : undefined);
  if (reason) return [row_no, name, 'rule', { reason: reason as unknown as Json }];
  const { label, ...said } = params ?? {};
  // The field's own label is known from its column; a part of a list brings its own.
  const inside = path !== name && label !== undefined ? { label } : {};
  return [row_no, name, key, { ...inside, ...said } as { [name: string]: Json }];
}
