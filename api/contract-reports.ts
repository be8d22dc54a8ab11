/** Wire types of report files, their runs and the metric registry. Part of the contract: see contract.ts. */
import type { Json, Pair, Role } from './contract.ts';
import type { StatusRule } from './contract-alerts.ts';

export type ParamKind = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'daterange' | 'enum';
export interface ReportParam {
  type: ParamKind;
  label?: Pair;
  default?: Json;
  values?: string[];
  labels?: { [value: string]: Pair };
  many?: boolean;
  /** A select over schema `report` giving (code, label). */
  options?: string;
  min?: number;
  max?: number | string;
}
export type ReportTone = 'good' | 'warning' | 'bad' | 'quiet';
export interface ReportColumn {
  role: 'time' | 'series' | 'category' | 'measure' | 'weight' | 'detail';
  label: Pair;
  metric?: string;
  unit?: 'count' | 'money' | 'rate' | 'days' | 'number';
  /** Whether more is better, where the metric says so. */
  good?: 'up' | 'down';
  labels?: { [value: string]: Pair };
  /** Of a series whose values are good or bad in themselves: their colours. */
  tones?: { [value: string]: ReportTone };
  /** Only for drilling: in no table and no download. */
  hidden?: boolean;
}
export interface ReportChart {
  kind:
    | 'kpi'
    | 'line'
    | 'column'
    | 'stacked'
    | 'area'
    | 'cell'
    | 'heatmap'
    | 'sankey'
    | 'funnel'
    | 'scatter'
    | 'combo'
    | 'table';
  x?: string;
  y?: string;
  color?: string;
  /** The number of a cell or of a flow. */
  value?: string;
  /** sankey: which step a flow is of, from 1: it leads from a node of that step to one of the next. */
  step?: string;
  /** combo: the measure drawn as a line on its own axis. */
  line?: string;
  /** The interval around y: a ribbon along a line, a whisker on a column. */
  low?: string;
  high?: string;
  /** What y is to be, and what it was a year before: dashed lines beside it. */
  target?: string;
  before?: string;
  /** Set where `compare` draws what was in the same days of the year before. */
  earlier?: string;
  /** The limits within which y usually is; what lies outside is marked. */
  limit_low?: string;
  limit_high?: string;
  /** A column that is true where y is known but not as it will stay: drawn lighter. */
  young?: string;
}
export interface ReportProblem {
  code: string;
  file: string;
  line: number;
  column: number;
  message: string;
  hint?: string;
}
/** One of these, over the rows of a run. */
export interface ReportTest {
  unique?: string[];
  between?: { [column: string]: [low: number, high: number] };
  not_null?: string[];
}
export interface ReportDefinition {
  slug: string;
  area: string;
  title: Pair;
  describe?: Pair;
  owner?: string;
  params: { [name: string]: ReportParam };
  columns: { [name: string]: ReportColumn };
  chart: ReportChart;
  /** `to`: a report slug, or `resource:<name>` with `where` built from the passed columns. */
  drill?: { to: string; pass: { [target: string]: string } };
  /** When a figure of it is wrong, and somebody is told. */
  status?: StatusRule[];
  /** What the rows of a run are shown beside. */
  compare?: ('previous_period' | 'same_period_last_year' | 'target')[];
  /** Which kinds of events of the calendar are marked at their days. */
  events?: { tags: string[] };
  /** Absent: run for everybody who opens it. */
  run?: { mode: 'cached'; ttl_s: number } | { mode: 'nightly' };
  limits: { rows: number; timeout: string };
  access: { roles: Role[] };
  /** Set where it was written in the browser, and not in a file. */
  origin?: 'browser';
  tests?: ReportTest[];
  /** Set when the file as it stands does not compile; the last good version is what runs. */
  problem?: ReportProblem;
}
export interface ReportResult {
  slug: string;
  params: { [name: string]: Json };
  columns: string[];
  rows: Json[][];
  /** True when the row limit was reached and rows are missing. */
  cut: boolean;
  ran_at: string;
  took_ms: number;
  /** Shown as lines at their days where x is time. */
  events?: CalendarEvent[];
  compared?: ReportComparison[];
}
/** What y of a run is compared with. */
export interface ReportComparison {
  against: 'previous_period' | 'same_period_last_year' | 'target';
  /** The days compared with, "from..last"; null of a target. */
  days: string | null;
  /** By row of the result; null where there is nothing to compare with. */
  values: Json[];
  /** kpi: the first row of those days. */
  row?: Json[];
}
/** An entry of the metrics registry: reports/metrics/<code>.yaml. */
export interface MetricDefinition {
  code: string;
  label: Pair;
  definition: Pair;
  kind: 'sum' | 'ratio' | 'distinct' | 'last' | 'mean';
  /** Metrics that a ratio divides; `den` must stand beside the ratio in every report. */
  num?: string;
  den?: string;
  unit: 'count' | 'money' | 'rate' | 'days' | 'number';
  good: 'up' | 'down' | 'none';
  /** Over what it may be summed: everything, everything but time, nothing. */
  additive: 'all' | 'time_no' | 'none';
  ci: 'wilson' | 'bootstrap' | 'none';
  owner: string;
  since: string;
  version: number;
  /** Which part of the registry it belongs to. */
  area?: string;
  /** Where its course over time is read: a column of a report view, summed by step of time. Ratios have those of their parts. */
  source?: MetricSource;
  /** The same of the customers of one segment: a view with rule_set_code and segment_code. */
  by_segment?: MetricSource;
  /** The facts it waits for; until they exist it has no figures. */
  waits?: Pair;
  /** Days after which a step is as it will stay, for instance those that customers have to buy again. */
  matures?: number;
  /** What its value cannot be outside of; tested on the whole course. */
  between?: [low: number, high: number];
}
export type Grain = 'day' | 'week' | 'month';
export interface MetricSource {
  /** Of schema report, without its name. */
  view: string;
  /** The column with the day. */
  time: string;
  /** The column that is summed. */
  value: string;
  /** One row of the view is of one of these, or of a part of it. */
  grain: Grain;
  where: { [column: string]: string | number | boolean };
}
/** GET /api/_metrics */
export interface MetricList {
  areas: ReportArea[];
  metrics: MetricEntry[];
}
export interface MetricEntry extends MetricDefinition {
  /** Reports of the reader that show it. */
  reports: number;
  /** There is a course to look at. */
  course: boolean;
  /** A target is in force today. */
  target: boolean;
}
/** GET /api/_metrics/<code> */
export interface MetricDetails {
  metric: MetricDefinition;
  area: Pair;
  /** The metrics that a ratio divides. */
  parts: MetricDefinition[];
  reports: { slug: string; title: Pair }[];
  /** The views it is read from, each with the tables that these are made of. */
  lineage: { view: string; comment: string; tables: string[] }[];
  tests: MetricTest[];
  currency: string;
  today: string;
  /** Null where there is nothing to read it from. */
  course: MetricCourse | null;
}
export interface MetricTest {
  name: 'between' | 'share' | 'known';
  passed: boolean;
  /** What the test asks, in words. */
  label: Pair;
  /** Steps that fail it. */
  wrong: string[];
}
export interface MetricCourse {
  grain: Grain;
  grains: Grain[];
  columns: string[];
  rows: Json[][];
  events: CalendarEvent[];
}
/** What charts show as a line at its day. */
export interface CalendarEvent {
  kind: string;
  name: Pair;
  starts_on: string;
  ends_on: string | null;
}
export interface ReportArea {
  name: string;
  label: Pair;
  /** Reports that its page shows at once, of whatever area; all of its own where it names none. */
  board?: readonly string[];
}
export interface ReportCatalogue {
  areas: ReportArea[];
  reports: ReportDefinition[];
  /** Pages that are no report files, and that the caller may open: health, stages, metrics. */
  pages: string[];
  /** ISO 4217, of money columns. */
  currency: string;
  /** The programme's day, from which relative dates count. */
  today: string;
  /** Whether the caller may write reports. */
  may_write: boolean;
}
/** How a report is computed: GET /api/_reports/details/<slug>. */
export interface ReportDetails {
  slug: string;
  file: string;
  hash: string;
  sql: string;
  metrics: MetricDefinition[];
  /** The views it reads, with the comments of the view and its columns. */
  views: { name: string; comment: string; columns: { name: string; comment: string }[] }[];
}

/* ------------------------------------------------------------------ the editor of reports */

/** GET /api/_report-editor: what a text can be made of, and what was written in the browser. */
export interface ReportGrammar {
  keys: readonly string[];
  /** By key: what may stand below it. */
  inside: { readonly [key: string]: readonly string[] };
  /** By key: what it may be, where that is one of a few. */
  values: { readonly [key: string]: readonly string[] };
  /** Keys that name columns of the report. */
  columns_in: readonly string[];
}
export interface EditorWorld {
  grammar: ReportGrammar;
  areas: { name: string; label: Pair }[];
  views: ReportDetails['views'];
  /** Of PostgreSQL, and of ours as report.<name>. */
  functions: string[];
  own_functions: string[];
  metrics: { code: string; label: Pair; definition: Pair; kind: MetricDefinition['kind']; den?: string }[];
  /** Columns whose label is known. */
  dimensions: { name: string; label: Pair }[];
  /** Of every report, where a click may lead. */
  slugs: string[];
  resources: { name: string; label: Pair }[];
  written: BrowserReport[];
}
/** A report written in the browser. `version` grows with every change of it. */
export interface BrowserReport {
  slug: string;
  version: number;
  /** The published version; null while there is none. */
  live_number: number | null;
  last_number: number;
  deleted: boolean;
  /** A file has the same name: it is what people see. */
  behind_file: boolean;
}
export interface BrowserReportVersion {
  number: number;
  published: boolean;
  note: string | null;
  by: string;
  at: string;
}
/** GET /api/_report-editor/text/<slug>: the last text that was kept. */
export interface ReportText {
  slug: string;
  origin: 'file' | 'browser';
  text: string;
  /** Null of a file, which is changed where it lies. */
  report: BrowserReport | null;
  /** Newest first. */
  versions: BrowserReportVersion[];
}
/** POST /api/_report-editor/check from {slug, text, run?, params?}; nothing is kept. */
export interface ReportCheck {
  problem: ReportProblem | null;
  /** Of a text that compiles. */
  definition: ReportDefinition | null;
  /** Where it was to be run. */
  result: ReportResult | null;
  /** By parameter, where the text says where its choices come from. */
  choices: { [param: string]: { value: Json; label: string }[] };
}
/** PUT /api/_report-editor/text/<slug> from {text, note, version, publish}; a text with a mistake is kept as a draft. */
export interface ReportSaved {
  number: number;
  report: BrowserReport;
  problem: ReportProblem | null;
}
