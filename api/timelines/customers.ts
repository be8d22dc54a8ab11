/** What happened with a customer and why, in sentences. SQL says what (ops.customer_timeline); who may not read it is not told. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Timeline, TimelineEntry } from '../contract.ts';
import { problem } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { readsFreely } from '../records/beside.ts';
import type { Reader } from '../records/query.ts';
import { type Step, say } from './customer-sentences.ts';

/** A kind is told to whoever may read all of the fields that its sentences are made of. */
const NEEDS: { [kind: string]: { [resource: string]: readonly string[] } } = {
  sign_up: { customers: ['enrolled_at', 'channel'], decisions: ['points', 'outcome'] },
  order: {
    orders: ['external_id', 'amount', 'channel', 'status'],
    decisions: ['points', 'outcome'],
    points_entries: ['points'],
  },
  return: { returns: ['amount', 'reason'], points_entries: ['points'] },
  event: {
    events: ['kind', 'channel', 'rating', 'task_code', 'subject'],
    orders: ['external_id'],
    products: ['name'],
    decisions: ['points', 'outcome'],
    points_entries: ['points'],
  },
  campaign: { events: ['kind', 'channel', 'subject'], campaigns: ['name', 'name_en', 'segments', 'tiers'] },
  benefit: {
    benefit_grants: ['reason', 'note'],
    benefit_uses: ['status', 'note', 'reason'],
    benefit_quotas: ['customer_id'],
  },
  coupon: {
    coupons: ['status', 'source', 'note', 'reason', 'valid_until_at'],
    coupon_uses: ['discount_amount', 'reason'],
    coupon_refusals: ['refusal'],
  },
  automation: {
    automation_runs: ['automation_id', 'status', 'reason'],
    automation_steps: ['step_name', 'outcome', 'reason'],
  },
  message: { messages: ['channel', 'state', 'reason', 'clicks'], message_templates: ['name', 'name_en'] },
  points: { points_entries: ['points', 'kind'] },
  redemption: { redemptions: ['points', 'purpose', 'status', 'reason'] },
  adjustment: { points_entries: ['points'] },
  tier: { tier_stays: ['tier_id', 'reason'] },
  segment: { segments: ['name', 'name_en'] },
  staff: { customers: ['status'] },
  task: {
    task_grants: ['kind', 'state', 'points', 'refusal'],
    task_completions: ['state'],
    customer_titles: ['reason', 'revoke_reason'],
  },
  extension: { points_extensions: ['state', 'reason'] },
};

export async function timeline(
  deps: Deps,
  id: number,
  { kinds, before, size }: { kinds: readonly string[]; before: string | null; size: number },
  reader: Reader,
): Promise<Timeline> {
  const told = kinds.filter((kind) =>
    Object.entries(NEEDS[kind]!).every(([name, fields]) => fields.every(readsFreely(deps, name, reader))),
  );
  const from = before === null ? null : readCursor(before);
  const { rows } = await sql<Step>`
    select
      kind, key, resource, record_id, data,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from ops.customer_timeline(
      ${id}::bigint, ${told}::text[], ${from?.at ?? null}::timestamptz, ${from?.key ?? null}::text, ${size + 1}::integer
    )
  `.execute(deps.db);
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const { currency } = await readProgramme(deps.db);
  const customers = deps.resources.get('customers')!;
  const readsField = readsFreely(deps, 'customers', reader);
  const labelled = (field: string) => (readsField(field) ? customers.fields[field]?.label : undefined);
  return {
    entries: page.map((step): TimelineEntry => {
      const { text, tone, reasons, by } = say(step, { currency, labelled });
      const told_of = deps.resources.has(step.resource) && !OWN.includes(step.kind);
      return {
        // What time does with points, and a journey's moments, have a key that comes again at another time.
        id: `${step.at} ${step.key}`,
        kind: step.kind,
        at: `${step.at.slice(0, 23)}Z`,
        text,
        tone,
        reasons,
        ...(told_of ? { of: { resource: step.resource, id: step.record_id } } : {}),
        ...(by ? { by } : {}),
      };
    }),
    next: rows.length > size && last ? writeCursor(last) : null,
  };
}

/** Told of the customer as such, or of something without a page. */
const OWN = ['sign_up', 'points', 'adjustment', 'segment', 'staff', 'tier', 'task'];

const writeCursor = ({ at, key }: Step): string => Buffer.from(`${at} ${key}`).toString('base64url');

function readCursor(text: string): { at: string; key: string } {
  const found = /^(\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\d{20,30})$/.exec(
    Buffer.from(text, 'base64url').toString(),
  );
  if (!found)
    throw problem(400, 'bad_parameter', {
      name: 'before',
      value: text.slice(0, 60),
      expected: 'next of the page before',
    });
  return { at: found[1]!, key: found[2]! };
}
