/**
 * What can go wrong, as one class, and the one table from SQLSTATE to HTTP.
 *
 * Routines in ops raise their own codes: `errcode = 'EG' || HTTP status` ('EG409', 'EG422', …), the message as
 * '中文 | English', a hint (what to do) likewise, and `column = '<field>'` where one field is at fault. A detail of one word
 * (`out_of_stock`) is the reason for programs and becomes the key.
 */
import type { ApiError, Field, FieldError, Lang, Pair, Resource, Row } from './contract.ts';
import { type Params, say, speak } from './messages.ts';
import { PredicateError } from './predicate.ts';
import { requiredParams } from './values/fault.ts';

/** A field's fault before a language is known; `message` when it is not in the dictionary. */
export interface FieldFault {
  key: string;
  params?: Params;
  message?: string | Pair;
}

/** What is wrong with one record of many. */
export interface RowFault {
  id: number;
  title: string;
  /** By field; those of the whole record are under "". */
  errors: { [field: string]: FieldFault };
}

export interface ProblemDetails {
  errors?: { [field: string]: FieldFault };
  /** 412: the record as it is now. */
  record?: Row;
  /** Changes of many records: what is wrong with which. */
  rows?: RowFault[];
  /** The sentence, where it is not in the dictionary. */
  message?: Pair;
  /** What led here; for the log only. */
  cause?: unknown;
}

export class Problem extends Error {
  readonly status: number;
  readonly key: string;
  readonly params: Params;
  readonly errors: { [field: string]: FieldFault } | undefined;
  readonly record: Row | undefined;
  readonly rows: RowFault[] | undefined;
  readonly pair: Pair | undefined;
  constructor(status: number, key: string, params: Params = {}, details: ProblemDetails = {}) {
    super(details.message?.[1] ?? say('en', key, params), details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'Problem';
    this.status = status;
    this.key = key;
    this.params = params;
    this.errors = details.errors;
    this.record = details.record;
    this.rows = details.rows;
    this.pair = details.message;
  }
  /** What is told of it in the language. */
  speak(lang: Lang): ApiError {
    return apiError({ problem: this, lang });
  }
}

/** @param key of messages.ts */
export function problem(status: number, key: string, params: Params = {}, details: ProblemDetails = {}): Problem {
  return new Problem(status, key, params, details);
}

/** 422 that names what is wrong with each field. */
export function fieldErrors(errors: { [field: string]: FieldFault }): Problem {
  return new Problem(422, 'invalid', {}, { errors });
}

/** The body of the answer, in the caller's language. */
export function apiError({
  problem: fault,
  lang,
  request_id,
}: {
  problem: Problem;
  lang: Lang;
  request_id?: string;
}): ApiError {
  const body: ApiError = {
    key: fault.key,
    message: fault.pair ? choose(fault.pair, lang) : say(lang, fault.key, fault.params),
  };
  if (Object.keys(fault.params).length > 0) body.params = speak(fault.params, lang);
  if (fault.errors) body.errors = speakErrors(fault.errors, lang);
  if (fault.record) body.record = fault.record;
  if (fault.rows) body.rows = speakRows(fault.rows, lang);
  if (request_id) body.request_id = request_id;
  return body;
}

/** What is wrong with which of many records, in the caller's language. */
export function speakRows(rows: readonly RowFault[], lang: Lang): NonNullable<ApiError['rows']> {
  return rows.map((row) => ({ ...row, errors: speakErrors(row.errors, lang) }));
}

function speakErrors(errors: { [field: string]: FieldFault }, lang: Lang): { [field: string]: FieldError } {
  return Object.fromEntries(Object.entries(errors).map(([field, error]) => [field, fieldError(error, lang)]));
}

/** One field's fault in the caller's language. */
export function fieldError({ key, params, message }: FieldFault, lang: Lang): FieldError {
  const text = message === undefined ? say(lang, key, { label: ['此项', 'This'], ...params }) : choose(message, lang);
  return params && Object.keys(params).length > 0
    ? { key, message: text, params: speak(params, lang) }
    : { key, message: text };
}

function choose(message: string | Pair, lang: Lang): string {
  return typeof message === 'string' ? message : message[lang === 'zh' ? 0 : 1];
}

/** Any thrown thing as a Problem; what nobody foresaw is a 500 that tells nothing. */
export function toProblem(error: unknown, resource?: Resource): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof PredicateError) {
    return new Problem(400, error.key, error.params, { message: error.pair, cause: error });
  }
  return fromPostgres(error, resource);
}

/** What pg throws for an error of the server, as far as it is used here. */
interface PostgresError extends Error {
  code: string;
  detail?: string;
  hint?: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
}

/**
 * An error of the database as a Problem that names the field and neither SQL nor the values of other records.
 * @param resource the one being written, so that constraints find their field
 */
export function fromPostgres(error: unknown, resource?: Resource): Problem {
  if (!isPostgresError(error))
    return new Problem(isAway(error) ? 503 : 500, isAway(error) ? 'database_away' : 'internal', {}, { cause: error });
  if (error.code.startsWith('EG')) return ownProblem(error);
  const rule = TABLE[error.code] ?? TABLE[error.code.slice(0, 2)];
  if (!rule) return new Problem(500, 'internal', {}, { cause: error });
  const [status, key] = rule;
  switch (error.code) {
    case '23505':
      return atField(error, resource, 'unique');
    case '23514':
      return atField(error, resource, 'check');
    // PostgreSQL 18 tells a delete refused by "on delete restrict" apart.
    case '23001':
      return new Problem(409, 'still_used', {}, { cause: error });
    case '23503':
      return isStillUsed(error, resource)
        ? new Problem(409, 'still_used', {}, { cause: error })
        : atField(error, resource, 'ref_missing');
    case '23502':
      return atField(error, resource, 'required');
    default:
      return new Problem(status, key, {}, { cause: error });
  }
}

/** SQLSTATE, or its class of two letters, to status and message key. */
const TABLE: { [code: string]: readonly [status: number, key: string] } = {
  '08': [503, 'database_away'],
  '22': [422, 'bad_value'],
  '23': [422, 'check_record'],
  '23001': [409, 'still_used'],
  '23502': [422, 'required'],
  '23503': [422, 'ref_missing'],
  '23505': [422, 'unique'],
  '23514': [422, 'check'],
  '23P01': [409, 'overlap'],
  '25006': [503, 'read_only'],
  '25P03': [503, 'timeout'],
  '40': [503, 'try_again'],
  '53': [503, 'busy'],
  '54': [400, 'too_complex'],
  '55P03': [503, 'locked'],
  '57014': [503, 'timeout'],
  '57P01': [503, 'database_away'],
  '57P02': [503, 'database_away'],
  '57P03': [503, 'database_away'],
  '58': [503, 'database_away'],
};

function isPostgresError(error: unknown): error is PostgresError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code) &&
    'severity' in error
  );
}

/** Refused or broken connections carry the system's code, and a pool that gave up waiting only a sentence. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string')
    return /^(ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOST|ENOTFOUND)/.test(error.code);
  return /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message);
}

const REASON = /^[a-z][a-z_]*$/;

function ownProblem(error: PostgresError): Problem {
  const number = Number(error.code.slice(2));
  const status = number >= 400 && number < 500 ? number : 409;
  const message = withHint(toPair(error.message), error.hint ? toPair(error.hint) : null);
  const key = REASON.test(error.detail ?? '') ? error.detail! : `ops.${error.code.toLowerCase()}`;
  if (!error.column) return new Problem(status, key, {}, { message, cause: error });
  return new Problem(status, 'invalid', {}, { errors: { [error.column]: { key, message } }, cause: error });
}

function toPair(text: string): Pair {
  const [zh = text, en = zh] = text.split(' | ');
  return [zh.trim(), en.trim()];
}

function withHint([zh, en]: Pair, hint: Pair | null): Pair {
  return hint ? [`${zh}。${hint[0]}`, `${en}. ${hint[1]}`] : [zh, en];
}

/** 422 at the field the constraint is about, or over the whole record when it is about none, or several. */
function atField(
  error: PostgresError,
  resource: Resource | undefined,
  key: 'unique' | 'check' | 'ref_missing' | 'required',
): Problem {
  const names = resource ? fieldsAtFault(error, resource) : [];
  if (names.length === 0) {
    const whole = key === 'required' ? 'invalid' : (`${key}_record` as const);
    return new Problem(422, whole, {}, { cause: error });
  }
  const errors = Object.fromEntries(
    names.map((name) => [name, { key, params: paramsAt(resource?.fields[name], name, key) }]),
  );
  return new Problem(422, 'invalid', {}, { errors, cause: error });
}

function paramsAt(field: Field | undefined, name: string, key: string): Params {
  if (field && key === 'required') return requiredParams(field);
  return { label: field?.label ?? [name, name] };
}

/** The column Postgres names, else the one in the constraint's own name, else those of a "Key (a, b)=" detail. */
function fieldsAtFault(error: PostgresError, { fields, table }: Resource): string[] {
  const known = (name: string) => Object.hasOwn(fields, name);
  if (error.column) return known(error.column) ? [error.column] : [];
  const bare = table.slice(table.indexOf('.') + 1);
  const middle = error.constraint?.startsWith(`${bare}_`)
    ? error.constraint.slice(bare.length + 1).replace(/_(key|fkey|check|excl|idx)\d*$/, '')
    : '';
  // A constraint over several columns that is called after one is about that one.
  if (known(middle)) return [middle];
  const listed = /\(([^=]*)\)=\(/.exec(error.detail ?? '')?.[1];
  const inDetail = Object.keys(fields).filter((name) => listed && new RegExp(`\\b${name}\\b`).test(listed));
  return inDetail;
}

/** The same code says "no such record" when writing and "still used" when deleting; the latter names another table. */
function isStillUsed(error: PostgresError, resource: Resource | undefined): boolean {
  if (/still referenced/.test(error.detail ?? '')) return true;
  if (/not present/.test(error.detail ?? '')) return false;
  return resource !== undefined && `${error.schema}.${error.table}` !== resource.table;
}

/** The transactions worth doing again: serialisation failures, deadlocks, and plans made stale by a rebuild. */
const AGAIN = new Set(['40001', '40P01', '0A000']);

/**
 * Runs a whole unit of work (the transaction included), again when the database asks for it.
 * @param attempts in all; the wait between them doubles from 10 ms, with jitter
 */
export async function retrying<T>(work: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again =
        isPostgresError(error) &&
        AGAIN.has(error.code) &&
        (error.code !== '0A000' || /cached plan/.test(error.message));
      if (!again || attempt >= attempts) throw error;
      await new Promise((done) => setTimeout(done, 5 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}
