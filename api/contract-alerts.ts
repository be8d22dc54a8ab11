/** What crosses HTTP about alerts: the status rules of reports, what is told of them, and who asked to be told. */
import type { Json, Lang, Pair } from './contract.ts';

export type AlertState = 'ok' | 'pending' | 'warn' | 'bad' | 'no_data' | 'error';

/** An entry of `status:` in a report's file. Shares and amounts are decimals as text: "-0.1" is ten percent less. */
export interface StatusRule {
  metric: string;
  column: string;
  against: 'target' | 'previous' | 'value';
  /** On which side of the threshold it is wrong. */
  side: 'below' | 'above';
  warn?: string;
  bad?: string;
  /** So many whole steps in a row. */
  for: number;
  /** Minutes between two looks at it, while nothing is wrong; once a day when absent. */
  every?: number;
}

/** What subscribers and endpoints are told, once. */
export interface AlertNotice {
  change_id: number;
  alert_id: number;
  happened_at: string;
  notice: 'warn' | 'bad' | 'no_data' | 'error' | 'recovered';
  state: AlertState;
  name: Pair;
  /** Of which series; empty texts where there is one alone. */
  subject: Pair;
  report: string | null;
  metric: string;
  area: string;
  unit: 'count' | 'money' | 'rate' | 'days' | 'number';
  owner: string;
  bucket_on: string | null;
  value: string | null;
  threshold: string | null;
  note: string | null;
}

export type SubscriptionAbout = 'report' | 'metric' | 'area';
/** What a person asks to be told of; null fields belong to other choices. */
export interface SubscriptionInput {
  about: SubscriptionAbout;
  /** The slug of the report, the code of the metric or the name of the area. */
  target: string;
  /** Of a report: the parameters of its page, as the address has them. */
  params: string;
  channel: 'email' | 'webhook';
  endpoint_id: number | null;
  frequency: 'at_once' | 'daily' | 'weekly';
  /** 1 is Monday. */
  weekday: number | null;
  hour: number | null;
  lang: Lang;
  when_quiet: 'skip' | 'send';
}
export interface Subscription extends SubscriptionInput {
  id: number;
  status: 'active' | 'paused';
  [field: string]: Json;
}
/** GET /api/_subscriptions?about=…&target=…: the caller's own, and where they may have it sent. */
export interface SubscriptionChoices {
  subscriptions: Subscription[];
  email: string;
  endpoints: { id: number; name: string }[];
}
