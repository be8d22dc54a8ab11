/** Wire types of what is written and frozen: the health report, the stage evaluation, the monthly retrospective. Part of the contract: see contract.ts. */
import type { Pair } from './contract.ts';
import type { PageChanges } from './contract-clicks.ts';
import type { Grain, MetricDefinition } from './contract-reports.ts';

/** How a figure stands to what it is to be; null where nothing was said of that. */
export type Standing = 'on_track' | 'at_risk' | 'missed' | 'too_early';
/** GET /api/_health, and what a written report holds. */
export interface HealthReport {
  /** The last day that counts. */
  reported_on: string;
  /** The first day that is not known whole. */
  known_until: string;
  currency: string;
  /** In sentences: the same figures as below. */
  verdict: Pair[];
  metrics: HealthMetric[];
  campaigns: HealthCampaign[];
  budgets: HealthBudget[];
  incidents: HealthIncident[];
  freshness: HealthSource[];
}
export interface HealthMetric {
  code: string;
  label: Pair;
  unit: MetricDefinition['unit'];
  good: MetricDefinition['good'];
  grain: Grain;
  /** Why it has no figures. */
  waits?: Pair;
  /** The last step that is over and has had its time; null where there is none. */
  latest: HealthStep | null;
  /** The step that goes on, where it began before the reported day. */
  running: HealthStep | null;
  trend: { step_on: string; value: string | null; target: string | null; whole: boolean; signal: boolean }[];
  limits: [low: string, high: string] | null;
}
export interface HealthStep {
  step_on: string;
  value: string | null;
  low: string | null;
  high: string | null;
  previous_value: string | null;
  /** Rates: points; everything else: a share. */
  change: string | null;
  last_year_value: string | null;
  last_year_change: string | null;
  target: string | null;
  /** Value less what the target asks so far. */
  gap: string | null;
  /** What the target asks of the days so far. */
  expected: string | null;
  status: Standing | null;
  /** Outside the limits within which it usually is. */
  signal: boolean;
}
export interface HealthCampaign {
  id: number;
  code: string;
  name: Pair;
  starts_on: string;
  ends_on: string | null;
  repeats: string | null;
  /** Null where it has no goal. */
  goal: { metric: string; label: Pair; unit: MetricDefinition['unit']; target: string; value: string | null } | null;
  status: Standing | null;
  budget: { code: string; name: Pair; used_rate: string | null; status: Standing | null } | null;
  stopped_at: string | null;
}
export interface HealthBudget {
  code: string;
  name: Pair;
  amount: string;
  used: string;
  used_rate: string;
  passed_rate: string | null;
  lasts_until_on: string | null;
  status: Standing;
}
export interface HealthIncident {
  kind: 'campaign_stopped' | 'job_failed' | 'webhook_failed' | 'noted';
  happened_at: string;
  name: Pair;
  resource: string;
  record_id: number | null;
}
export interface HealthSource {
  source: string;
  name: Pair;
  latest_at: string | null;
  latest_on: string | null;
  days_behind: number | null;
  status: 'fresh' | 'late' | 'none';
}
/** How a goal stands: `no_baseline` where its target is a change of something that was not measured before. */
export type GoalStatus = Standing | 'no_baseline';
export type StagePhase = 'ahead' | 'running' | 'ended';
/** GET /api/_stages: the goals of every stage of the programme, as they stand; rates as "0.35". */
export interface StageEvaluation {
  /** The last day that counts. */
  reported_on: string;
  /** The first day that is not known whole. */
  known_until: string;
  currency: string;
  /** First day of the programme; null: nobody has said it, and there are no stages. */
  started_on: string | null;
  verdict: Pair[];
  stages: Stage[];
  effects: HoldoutEffect[];
}
export interface Stage {
  stage: string;
  label: Pair;
  starts_on: string;
  due_on: string;
  phase: StagePhase;
  goals: StageGoal[];
}
export interface StageGoal {
  /** Null: nobody has set one, but the stage looks at the metric. */
  goal_id: number | null;
  name: Pair;
  metric: string;
  label: Pair;
  unit: MetricDefinition['unit'];
  direction: 'up' | 'down';
  segment: Pair | null;
  weight: number | null;
  owner_team: string | null;
  target_text: string | null;
  starts_on: string;
  due_on: string;
  /** What the metric waits for, or why it cannot be read of this segment; then the rest is null. */
  waits: Pair | null;
  phase: StagePhase | null;
  passed_rate: string | null;
  baseline: string | null;
  /** Whether the baseline was typed, not measured. */
  baseline_given: boolean;
  before_value: string | null;
  actual: string | null;
  low: string | null;
  high: string | null;
  /** What a share is of. */
  den: string | null;
  /** A change, not an effect: nobody was held out. */
  difference: string | null;
  difference_low: string | null;
  difference_high: string | null;
  change_rate: string | null;
  target: string | null;
  target_max: string | null;
  expected: string | null;
  gap: string | null;
  status: GoalStatus | null;
  /** What may be done about it, where it falls short. */
  advice: { text: Pair; to: string } | null;
}
/** What a campaign or automation did beside those who were held out of it. */
export interface HoldoutEffect {
  kind: 'automation' | 'campaign';
  record_id: number;
  name: Pair;
  holdout_rate: string;
  drawn_from_on: string;
  drawn_until_on: string;
  treated: number;
  held_out: number;
  treated_rate: string | null;
  held_out_rate: string | null;
  difference: string | null;
  difference_low: string | null;
  difference_high: string | null;
  spend_difference: string | null;
  spend_low: string | null;
  spend_high: string | null;
  /** Less what was spent before explains. */
  adjusted_difference: string | null;
  adjusted_low: string | null;
  adjusted_high: string | null;
  verdict: 'more' | 'less' | 'unclear' | 'too_few' | 'ratio_off';
}
/** GET /api/_health/written and /api/_stages/written: the days of which something was written. */
export interface WrittenDays {
  /** Newest first. */
  written: { reported_on: string; number: number; written_at: string; sha256: string }[];
}
/** GET /api/_health/written/<day>, /api/_stages/written/<day>: `number` as asked, the last one without it. */
export interface Written<Body> {
  reported_on: string;
  number: number;
  /** How many there are of the day. */
  numbers: number;
  written_at: string;
  sha256: string;
  body: Body;
}
/** A monthly retrospective as it was written: everything but what people said of it. */
export interface Retrospective {
  /** First day of the month. */
  month_on: string;
  /** Its last day. */
  last_on: string;
  /** The first day that was not known whole. */
  known_until: string;
  currency: string;
  verdict: Pair[];
  scorecard: RetrospectiveMetric[];
  drivers: NetSalesDrivers | null;
  contributions: Contributions[];
  splits: RatioSplit[];
  campaigns: HealthCampaign[];
  /** Drawn in the month. */
  effects: HoldoutEffect[];
  /** The goals of the plan, as they stood at the end of the month. */
  stages: Stage[];
  /** What the days after were expected to bring when it was written; those written earlier have none. */
  forecasts?: FigureForecast[];
  /** Not in what was written before pages were measured. */
  pages?: PageChanges;
  budgets: HealthBudget[];
  incidents: HealthIncident[];
  quality: {
    freshness: HealthSource[];
    failed_tests: { metric: Pair; test: Pair; steps: string[] }[];
    restated: (FigureChange & { signed_month_on: string; signed_number: number })[];
  };
  /** Decided in the months before: open, or closed since the month began. */
  carried: RetrospectiveAction[];
  /** Chapters without facts yet, and what they wait for. */
  waits: { chapter: RetrospectiveChapter; what: Pair }[];
  definitions: {
    code: string;
    label: Pair;
    definition: Pair;
    version: number;
    since: string;
    /** Fingerprint of how it is defined. */
    sha256: string;
    /** Views of schema report that it is read from. */
    views: string[];
    /** SQL that reads its parts by month: what is divided first. Those written earlier have none. */
    queries?: string[];
  }[];
  /** Every number that another writing of the month is compared by. */
  figures: RetrospectiveFigure[];
}
export const RETROSPECTIVE_CHAPTERS = [
  'verdict',
  'scorecard',
  'drivers',
  'campaigns',
  'pages',
  'feedback',
  'budgets',
  'forecast',
  'quality',
  'actions',
  'definitions',
] as const;
export type RetrospectiveChapter = (typeof RETROSPECTIVE_CHAPTERS)[number];
export type RetrospectiveMetric = HealthMetric & { owner: string; version: number };
export interface RetrospectiveFigure {
  /** "scorecard/orders/2026-01-01": also what a comment can stand at. */
  id: string;
  chapter: RetrospectiveChapter;
  /** The month that it is of. */
  step: string;
  label: Pair;
  unit: MetricDefinition['unit'];
  value: string | null;
  /** Fingerprint of how it is defined. */
  definition: string;
}
/** The change of net sales by its factors; the effects are null where the change cannot be split. */
export interface NetSalesDrivers {
  net: string;
  previous_net: string;
  change: string;
  factors:
    | {
        name: 'buyers' | 'frequency' | 'order_value' | 'unknown';
        label: Pair;
        unit: MetricDefinition['unit'];
        before: string | null;
        after: string | null;
        effect: string;
      }[]
    | null;
}
export interface FigureForecast {
  measure: string;
  label: Pair;
  unit: MetricDefinition['unit'];
  /** Days strictly before this one were known. */
  as_of_on: string;
  starts_on: string;
  ends_on: string;
  expected: string;
  low: string;
  high: string;
  /** Of as many days right before. */
  before_value: string | null;
  /** The monthly target, by days. */
  target: string | null;
  status: Standing | null;
}
/** What each part of a sum changed, the greatest first. */
export interface Contributions {
  metric: string;
  label: Pair;
  by: Pair;
  unit: MetricDefinition['unit'];
  parts: { part: string; label: Pair; before: string; after: string; difference: string }[];
}
/** Why a ratio moved: the rates of its parts (rate effect), or how much of the whole each is (mix effect). */
export interface RatioSplit {
  metric: string;
  label: Pair;
  by: Pair;
  unit: MetricDefinition['unit'];
  step_on: string;
  before: string;
  after: string;
  rate_effect: string;
  mix_effect: string;
  /** The whole moved against every one of its parts. */
  against: boolean;
  parts: {
    part: string;
    label: Pair;
    before: string;
    after: string;
    before_share: string;
    after_share: string;
    rate_effect: string;
    mix_effect: string;
  }[];
}
export interface RetrospectiveAction {
  id: number;
  month_on: string;
  decision: string;
  owner: string;
  due_on: string;
  metric: string | null;
  status: 'open' | 'done' | 'dropped';
  late: boolean;
  outcome: string | null;
}
export interface FigureChange {
  figure: string;
  chapter: RetrospectiveChapter;
  label: Pair;
  unit: MetricDefinition['unit'];
  before_value: string | null;
  after_value: string | null;
  difference: string | null;
  /** target: another was set; definition: its metric was defined anew; late_data: facts came in since; fix: worked out anew from the same facts. */
  reason: 'target' | 'definition' | 'late_data' | 'fix';
}
export type RetrospectiveState = 'draft' | 'in_review' | 'signed' | 'superseded';
export interface RetrospectiveHead {
  month_on: string;
  number: number;
  state: RetrospectiveState;
  written_at: string;
  sha256: string;
  submitted_at: string | null;
  submitted_by: string | null;
  signed_at: string | null;
  signed_by: string | null;
  /** Of the figures, the text and the actions together. */
  signed_sha256: string | null;
  /** Who wrote it. */
  authors: string[];
  comments: number;
}
/** GET /api/_retrospectives: each month's numbers, newest first. */
export interface RetrospectiveList {
  retrospectives: RetrospectiveHead[];
  /** Months whose figures can be written. */
  months: string[];
  may: { write: boolean; sign: boolean };
}
export interface RetrospectiveComment {
  id: number;
  anchor: string;
  body: string;
  author: string;
  written_at: string;
}
/** GET /api/_retrospectives/<month>: `number` as asked, the last one without it. */
export interface RetrospectiveRead {
  head: RetrospectiveHead;
  /** How many there are of the month. */
  numbers: number;
  body: Retrospective;
  text: string;
  /** To be sent back with the text. */
  version: number;
  comments: RetrospectiveComment[];
  /** Decided in this month; of a signed one as they were then. */
  actions: RetrospectiveAction[];
  may: { write: boolean; submit: boolean; return: boolean; sign: boolean; comment: boolean; rewrite: boolean };
}
/** GET /api/_retrospectives/<month>/<number>/changes: since the number before. */
export interface RetrospectiveChanges {
  month_on: string;
  before: number;
  after: number;
  currency: string;
  changes: FigureChange[];
}
