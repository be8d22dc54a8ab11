/** Wire types of rules tried out: dry runs and back-tests. Part of the contract: see contract.ts. */
import type { Pair, Row } from './contract.ts';

/** One thing that a rule asks, and whether the fact had it. `any_of`: one of these is enough. */
export interface TrialPart {
  text: Pair;
  met: boolean;
  any_of?: TrialPart[];
}
/** A rule or tier as it would be: the record's id, null for a new one, and the values that a form would save. */
export interface TrialDraft {
  resource: string;
  id: number | null;
  values: Row;
}
/** What a rule came to. `multiplied`: it multiplies others; `nothing_to_multiply`: there were none; `not_met`: it did not apply. */
export type TrialOutcome =
  | 'granted'
  | 'capped'
  | 'outranked'
  | 'below_one'
  | 'refused'
  | 'multiplied'
  | 'nothing_to_multiply'
  | 'not_met';
export interface TrialRule {
  rule_id: number;
  name: Pair;
  /** The one that is being tried instead of what is stored. */
  draft: boolean;
  account: 'points' | 'growth';
  effect: string;
  outcome: TrialOutcome;
  points: number;
  /** Everything it asks, in the order in which it is asked. */
  checks: ({
    key: 'status' | 'trigger' | 'validity' | 'weekdays' | 'hours' | 'campaign' | 'audience' | 'goods';
  } & TrialPart)[];
  condition: TrialPart[];
  /** What of the order it is about; null where no amount counts. */
  basis_amount: string | null;
  per_amount: string | null;
  /** Points for each per_amount, or once; null for a rule that multiplies. */
  rate: number | null;
  /** Before rounding down and caps. */
  raw_points: string | null;
  multipliers: { rule_id: number; name: Pair; factor: string }[];
  tier_factor: string | null;
  caps: { per_fact: number | null; per_day: number | null; per_customer: number | null };
  available_at: string | null;
  /** Null: never. */
  expires_at: string | null;
  /** Why it was refused, where something else than the rule did. */
  reason: Pair | null;
}
/** POST /api/_trials/dry_run: what a made-up fact would bring. Nothing of it is kept. */
export interface DryRun {
  at: string;
  on: string;
  hour: number;
  weekday: string;
  /** Of facts that earn; none for those that take points or give them back. */
  rules: TrialRule[];
  /** What the rules give together; of other facts what they change of the balance. */
  points: number;
  growth: number;
  /** Everything that was booked because of it, in order; at most 200. */
  movements: TrialMovement[];
  /** At the fact, before and after it; null: in none. */
  tier: { before: Pair | null; after: Pair | null; valid_until_at: string | null };
  /** Of an account as it is (at the fact, where that lies ahead), without the fact and with it. */
  balance: { before: TrialBalance; after: TrialBalance };
  took_ms: number;
}
/** A movement of points between two states, of one lot where it has one. */
export interface TrialMovement {
  account: 'points' | 'growth';
  kind: Pair;
  from: Pair;
  to: Pair;
  points: number;
  /** The rule and the fact that the points are from; null for what is owed. */
  rule: Pair | null;
  origin: Pair | null;
  earned_on: string | null;
  /** Null: never. */
  expires_at: string | null;
}
export interface TrialBalance {
  available: number;
  pending: number;
  debt: number;
  growth: number;
}
/** POST /api/_trials: what is to be worked over the last `months`, of `sample` customers at most. */
export interface BackTestRequest {
  title?: string;
  drafts: TrialDraft[];
  months: number;
  sample?: number;
}
export interface BackTestSide {
  issued?: number;
  spent?: number;
  expired?: number;
  growth?: number;
}
/** GET /api/_trials/:id. Sums are scaled up to everybody where a sample was drawn; `margin`: what they may be off by (95 %). */
export interface BackTest {
  id: number;
  title: string;
  drafts: (TrialDraft & { name: Pair })[];
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** "中文 | English" */
  problem: string | null;
  months: number;
  since_on: string;
  until_on: string;
  population: number;
  sampled: number;
  done: number;
  facts: number;
  worked_ms: number;
  point_value: string | null;
  totals: {
    points_real: number;
    points_draft: number;
    points_more: number;
    points_margin: number | null;
    growth_real: number;
    growth_draft: number;
    growth_more: number;
    growth_margin: number | null;
    gaining: number;
    losing: number;
    moving: number;
  } | null;
  cost: { real: string; draft: string; more: string; margin: string | null } | null;
  by_month: { month_on: string; real: BackTestSide; draft: BackTestSide }[];
  tiers: { name: Pair; real: number; draft: number }[];
  moves: { from: Pair; to: Pair; up: boolean; customers: number }[];
  segments: { name: Pair; customers: number; real: number; draft: number }[];
  /** By how many points more (or less) they get; null: no end. */
  spread: { from: number | null; to: number | null; customers: number }[];
  winners: BackTestPerson[];
  losers: BackTestPerson[];
  /** Of the one asked for by ?budget_id: when what is left would be used up; null: not within ten years. */
  budget: { name: Pair; left: string; real_on: string | null; draft_on: string | null } | null;
}
export interface BackTestPerson {
  customer_id: number;
  external_id: string;
  real: number;
  draft: number;
  more: number;
}
/** GET /api/_trials: newest first. */
export interface BackTestLine {
  id: number;
  title: string;
  state: BackTest['state'];
  months: number;
  sampled: number;
  done: number;
  created_at: string;
  by: string | null;
}
