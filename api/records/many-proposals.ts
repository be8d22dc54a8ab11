/** Of many records those that need consent: they are not saved, a change request is made of each. */
import type { Deps } from '../context.ts';
import type { Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { type Proposal, storeProposal } from './change-requests.ts';
import { type Faults, noteFault } from './many-faults.ts';
import type { ManyWrite } from './many-statements.ts';

/** Nobody reads through more, one by one. */
export const PROPOSALS_MAX = 200;

/** `null`: nothing can be proposed here, and what needs consent is a fault. */
export type Proposals = Proposal[] | null;
type Waiting = ManyWrite & { faults: Faults; proposals: Proposals };

/** @param changes what would be saved; null for a record that would be deleted */
export function noteConsent(many: Waiting, current: Row, changes: Row | null, asked_by: readonly number[]): void {
  if (!many.proposals) {
    noteFault(many, current, { '': { key: 'needs_consent' } });
    return;
  }
  const { id, version, ...whole } = current;
  const base = changes ? Object.fromEntries(Object.keys(changes).map((name) => [name, whole[name] ?? null])) : whole;
  many.proposals.push({
    ...{ action: changes ? 'update' : 'delete', id: id as number, base, changes: changes ?? {} },
    ...{ base_version: version as number, note: many.writer.reason ?? null, asked_by },
  });
}

/**
 * @returns how many wait, or would
 * @throws Problem 422 for more than are made at once
 */
export async function proposeMany(deps: Deps, many: Waiting & { dry_run: boolean }): Promise<number> {
  const waiting = (many.proposals ?? []).filter(({ id }) => !many.faults.ids.has(id!));
  if (waiting.length > PROPOSALS_MAX) throw problem(422, 'too_many_proposals', { max: PROPOSALS_MAX });
  if (!many.dry_run)
    for (const proposal of waiting) await storeProposal(deps, many.shape.resource, proposal, many.writer);
  return waiting.length;
}
