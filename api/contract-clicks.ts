/** Classes of devices and wire types of clicks. Part of the contract: see contract.ts. */
import type { Pair } from './contract.ts';

/**
 * Widths of pages in CSS pixels, in classes: each begins at `from` and ends where the next begins. Clicks are counted by class;
 * a page is shown at `drawn` for it.
 */
export const DEVICE_CLASSES = {
  phone: { from: 0, drawn: 390, label: ['手机', 'Phone'] },
  tablet: { from: 600, drawn: 820, label: ['平板', 'Tablet'] },
  desktop: { from: 1024, drawn: 1440, label: ['电脑', 'Desktop'] },
} as const satisfies { [name: string]: { from: number; drawn: number; label: Pair } };
export type DeviceClass = keyof typeof DEVICE_CLASSES;

/** GET /api/_clicks/pages: what a heatmap may be asked of. */
export interface ClickPages {
  pages: ClickPage[];
  /** value: <rule set>.<segment> */
  segments: { value: string; label: Pair }[];
  tiers: { value: string; label: Pair }[];
  /** How many days single clicks are kept. */
  kept_days: number;
}
export interface ClickPage {
  code: string;
  name: Pair;
  kind: 'own' | 'external';
  /** Code of its campaign. */
  campaign: string | null;
  campaign_name: Pair | null;
  /** The newest first; never drafts. */
  versions: { number: number; state: 'published' | 'retired'; published_at: string; note: string | null }[];
  /** The tag that measures it, where it is a page of others. */
  script: string | null;
}

/** GET /api/_clicks/map?page=&version=&device=&period=&segment=&tier= */
export interface ClickMap {
  page: string;
  version: number;
  device: DeviceClass;
  /** Both days inside. */
  from_on: string;
  to_on: string;
  /** Of so few customers that nothing is said of them. */
  too_few: boolean;
  devices: ClickDevice[];
  elements: ClickElement[];
  scroll: ClickDepth[];
  places: ClickPlaces;
}
export interface ClickDevice {
  device_class: DeviceClass;
  view_count: number;
  visit_count: number;
  click_count: number;
  rage_count: number;
  dead_count: number;
  visit_share: string | null;
}
export interface ClickElement {
  element: string;
  label: string;
  label_en: string;
  /** Views and visits of the page. */
  view_count: number;
  page_visit_count: number;
  click_count: number;
  /** Visits that clicked it. */
  visit_count: number;
  rage_count: number;
  dead_count: number;
  /** Of the visits of the page, with its interval. */
  click_rate: string | null;
  click_rate_low: string | null;
  click_rate_high: string | null;
  /** Of the clicks of the page. */
  click_share: string | null;
  rage_rate: string | null;
  dead_rate: string | null;
}
export interface ClickDepth {
  /** 10: to its end. */
  depth_tenths: number;
  visit_count: number;
  measured_count: number;
  reach_rate: string | null;
  reach_low: string | null;
  reach_high: string | null;
}
export interface ClickPlaces {
  cells: ClickCell[];
  shown_count: number;
  /** Clicks in cells of fewer than three visits. */
  hidden_count: number;
  /** Some places are those of cells of weeks and days. */
  summed: boolean;
  /** Places of days before are no longer kept. */
  known_from: string | null;
}
/** x, y: ten-thousandths of the element's box; grid: into how many parts each of its sides was cut. */
export type ClickCell = [
  element: string,
  x: number,
  y: number,
  clicks: number,
  rage: number,
  dead: number,
  grid: number,
];

/** GET /api/_clicks/picture?page=&version=&as=visitor|member */
export interface ClickPicture {
  html: string;
}

/** GET /api/_clicks/hints?…&tops=<element>:<ten-thousandths of the height>,… */
export interface ClickHints {
  hints: ClickHint[];
}
export interface ClickHint {
  code: string;
  element: string;
  label: string;
  label_en: string;
  measure: 'click_share' | 'click_rate' | 'dead_rate' | 'rage_rate' | 'reach_rate';
  comparison: 'above' | 'below';
  threshold: string;
  rate: string;
  rate_low: string;
  rate_high: string;
  /** Of so many clicks or visits. */
  of_count: number;
  advice: string;
  advice_en: string;
}

/** GET /api/_clicks/compare?…&with_version=&with_period= */
export interface ClickComparison {
  elements: ClickDifference[];
}
export interface ClickDifference {
  element: string;
  label: string;
  label_en: string;
  click_rate: string | null;
  other_click_rate: string | null;
  difference: string | null;
  difference_low: string | null;
  difference_high: string | null;
  verdict: 'more' | 'less' | 'unclear' | null;
}

/** The pages chapter of a retrospective: rates as text, null where they are of fewer than thirty. */
export interface PageChanges {
  /** Those most visited. */
  pages: {
    code: string;
    name: Pair;
    visits: number;
    before_visits: number;
    clicks: number;
    claims: number;
    before_claims: number;
    click_rate: RateChange & { low: string | null; high: string | null };
    rage_rate: RateChange;
    dead_rate: RateChange;
    /** Of the visits with a depth: those that saw half of the page, and its end. */
    half_rate: RateChange;
    end_rate: RateChange;
    /** Those most clicked. */
    elements: {
      element: string;
      label: Pair;
      clicks: number;
      click_rate: RateChange & { low: string; high: string };
      difference: Difference | null;
      rage_rate: string | null;
      dead_rate: string | null;
    }[];
    /** Those that are taken more or less than in the month before, by more than their interval. */
    paths: { from: Pair | null; to: Pair | null; share: RateChange; difference: Difference }[];
  }[];
}
export interface RateChange {
  before: string | null;
  after: string | null;
}
/** Of two rates, with its interval. */
export interface Difference {
  value: string;
  low: string;
  high: string;
}
