/**
 * Which rules make a change wait, and whose consent settles them. A rule asks when the record fits it before or after the
 * change; one that can no longer be understood asks always. Nobody consents to their own change; administrators may to
 * everybody else's, so that no rule can leave a change without anyone to decide on it.
 */
import type { Kysely } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { ApprovalRule, Predicate, Resource, Role, Row } from '../contract.ts';
import { Problem } from '../errors.ts';
import { checkPredicate, evaluatePredicate, type Moment } from '../predicate.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { builtInRoles, callerOf } from '../sign-in/sessions.ts';
import { accessOf } from './access.ts';
import { resourceContext } from './resource-context.ts';

/** A record before and after: null where there was or will be none. */
export interface Change {
  before: Row | null;
  after: Row | null;
  /** Made by an action of the definition; `edits`: one that counts as an edit, too. */
  acted?: boolean;
  edits?: boolean;
}
/** People who agreed, by what they may agree to. */
export type Agreed = readonly Pick<Caller, 'roles'>[];

/** Thrown where a change that waits must not be written. */
export class NeedsConsent extends Problem {
  readonly rules: readonly ApprovalRule[];
  constructor(rules: readonly ApprovalRule[]) {
    super(422, 'needs_consent');
    this.rules = rules;
  }
}

const ALWAYS: Predicate = {};
const checked = new WeakMap<Resource, readonly ApprovalRule[]>();

/** The rules that ask for consent to the change. */
export function rulesAsking(resource: Resource, change: Change, moment: Moment): ApprovalRule[] {
  if (!resource.approval) return [];
  const { before, after, acted, edits } = change;
  const kind = acted ? 'action' : before === null ? 'create' : after === null ? 'delete' : 'update';
  const asks = ({ on }: ApprovalRule) => on.includes(kind) || (edits === true && on.includes('update'));
  const context = resourceContext(resource);
  const fits = (when: Predicate) =>
    [before, after].some((row) => row !== null && evaluatePredicate(when, context, row, moment));
  return rulesOf(resource).filter((rule) => asks(rule) && fits(rule.when));
}

function rulesOf(resource: Resource): readonly ApprovalRule[] {
  let rules = checked.get(resource);
  if (!rules) {
    const context = resourceContext(resource);
    rules = (resource.approval ?? []).map((rule) => {
      try {
        return { ...rule, when: checkPredicate(rule.when, context) };
      } catch {
        // A field it was about is gone. Not asking would be the opposite of what was wanted.
        return { ...rule, when: ALWAYS };
      }
    });
    checked.set(resource, rules);
  }
  return rules;
}

/** True when somebody with these roles may agree to what the rule asks for. */
export function settles({ roles }: Pick<Caller, 'roles'>, { by }: Pick<ApprovalRule, 'by'>): boolean {
  return roles.includes('administrator') || roles.some((role) => by.includes(role));
}

/** The rules that nobody among these people settles. */
export function unsettled(rules: readonly ApprovalRule[], agreed: Agreed): ApprovalRule[] {
  return rules.filter((rule) => !agreed.some((person) => settles(person, rule)));
}

/** What must be agreed to before a writer's change is saved; asked about any number of changes. */
export interface Consent {
  /** Rules that wait for somebody. `alone`: there are such rules, but nobody beside this administrator could agree to them. */
  asks(change: Change): Promise<{ rules: ApprovalRule[]; alone: boolean }>;
}

/** @param about.agreed who agreed to the change already */
export function consentOf(
  { db }: Pick<Deps, 'db'>,
  resource: Resource,
  { caller, trx, agreed = [] }: { caller: Caller; trx?: Kysely<DB>; agreed?: Agreed },
): Consent {
  let moment: Promise<Moment> | undefined;
  let others: Promise<Caller[]> | undefined;
  const none = { rules: [], alone: false };
  return {
    asks: async (change) => {
      if (!resource.approval) return none;
      moment ??= readMoment(db, caller, trx);
      const asking = unsettled(rulesAsking(resource, change, await moment), agreed);
      if (asking.length === 0 || !caller.roles.includes('administrator')) return { rules: asking, alone: false };
      others ??= othersThan(trx ?? db, caller.id);
      const deciders = (await others).filter((person) => accessOf(person, resource).list);
      const rules = asking.filter((rule) => deciders.some((person) => settles(person, rule)));
      return { rules, alone: rules.length === 0 };
    },
  };
}

async function othersThan(db: Kysely<DB>, user_id: number): Promise<Caller[]> {
  const people = await db
    .selectFrom('app.users as users')
    .select(['users.id', 'users.name', 'users.email', 'users.roles', 'users.pii', 'users.lang'])
    .where('users.status', '=', 'active')
    .where('users.id', '<>', user_id)
    .execute();
  return people.map(callerOf);
}

/** Those who agreed to a change request and are still here, with what they may agree to now. */
export async function peopleAgreed(db: Kysely<DB>, request_id: number): Promise<Caller[]> {
  const people = await db
    .selectFrom('app.change_consents as consents')
    .innerJoin('app.users as users', 'users.id', 'consents.user_id')
    .select(['users.id', 'users.name', 'users.email', 'users.roles', 'users.pii', 'users.lang'])
    .select(builtInRoles.as('stands_for'))
    .where('consents.change_request_id', '=', request_id)
    .where('users.status', '=', 'active')
    .orderBy('consents.created_at')
    .execute();
  return people.map(callerOf);
}

/** What the rules are called and whose consent they want, as far as a role has a name. */
export function rolesIn(resources: Deps['resources'], roles: readonly Role[]) {
  const field = resources.get('users')?.fields.roles;
  const labels = field?.kind === 'choices' ? field.choices : {};
  return roles.map((role) => labels[role] ?? ([role, role] as const));
}
