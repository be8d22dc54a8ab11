/** What a year of each customer is expected to bring: the two models together. Days in, orders and money out. */
import { type BgNbd, chanceAlive, expectedPurchases, fitBgNbd, type Purchases } from './bg-nbd.ts';
import { expectedValue, fitGammaGamma, type GammaGamma } from './gamma-gamma.ts';

/** Of one customer; days are counted from any one day. */
export interface History {
  customer_id: number;
  /** Days with an order after the first. */
  repeats: number;
  first_day: number;
  last_day: number;
  /** Mean net value of the orders after the first; null without. */
  order_value: number | null;
}
export interface ValueModel {
  buying: BgNbd;
  /** None while nobody has bought twice. */
  spending: GammaGamma | null;
  /** Median of the mean days between purchases. */
  usual_gap_days: number | null;
  mean_order_value: number | null;
}
export interface Terms {
  margin_rate: number;
  yearly_discount_rate: number;
}
export interface CustomerValue {
  customer_id: number;
  alive_rate: number;
  expected_orders: number;
  order_value: number;
  expected_amount: number;
  usual_gap_days: number;
}

const WEEK = 7;
const MONTHS = 12;
const MONTH_WEEKS = 365.25 / 12 / WEEK;

/** @param today counted like the histories' days; what happened on it is not known yet */
export function fitValueModel(histories: readonly History[], today: number): ValueModel {
  const repeaters = histories.filter(({ repeats }) => repeats > 0);
  const spending = repeaters.flatMap(({ repeats, order_value }) =>
    order_value !== null && order_value > 0 ? [{ repeats, mean: order_value }] : [],
  );
  const gaps = repeaters.map(usualGap).sort((one, other) => one - other);
  return {
    buying: fitBgNbd(alike(histories, today)),
    spending: spending.length > 1 ? fitGammaGamma(spending) : null,
    usual_gap_days: gaps[Math.floor(gaps.length / 2)] ?? null,
    mean_order_value: spending.length > 0 ? spending.reduce((sum, { mean }) => sum + mean, 0) / spending.length : null,
  };
}

/** The year after `today`, month by month, each month's margin discounted to today. */
export function customerValue(model: ValueModel, history: History, today: number, terms: Terms): CustomerValue {
  const purchases = timesOf(history, today);
  const order_value = model.spending
    ? expectedValue(model.spending, { repeats: history.repeats, mean: Math.max(history.order_value ?? 0, 0) })
    : 0;
  const monthly = (1 + terms.yearly_discount_rate) ** (1 / MONTHS);
  let before = 0;
  let discounted = 0;
  for (let month = 1; month <= MONTHS; month++) {
    const until = expectedPurchases(model.buying, purchases, month * MONTH_WEEKS);
    discounted += (until - before) / monthly ** month;
    before = until;
  }
  return {
    customer_id: history.customer_id,
    alive_rate: chanceAlive(model.buying, purchases),
    expected_orders: before,
    order_value,
    expected_amount: discounted * order_value * terms.margin_rate,
    usual_gap_days: history.repeats > 0 ? usualGap(history) : (model.usual_gap_days ?? 0),
  };
}

/** Purchases that a model of what was known at a day expects until a later one, of customers who had bought by then. */
export function expectedBetween(model: ValueModel, known: readonly History[], from: number, until: number): number {
  return known.reduce(
    (sum, history) => sum + expectedPurchases(model.buying, timesOf(history, from), (until - from) / WEEK),
    0,
  );
}

function usualGap({ first_day, last_day, repeats }: History): number {
  return (last_day - first_day) / repeats;
}

function timesOf({ repeats, first_day, last_day }: History, today: number): Purchases {
  return { repeats, last: (last_day - first_day) / WEEK, age: (today - first_day) / WEEK };
}

/** Customers of the same days count as one with a weight: likelihoods are worked out once for each. */
function alike(histories: readonly History[], today: number): Purchases[] {
  const found = new Map<string, Purchases & { weight: number }>();
  for (const history of histories) {
    const key = `${history.repeats} ${history.first_day} ${history.last_day}`;
    const known = found.get(key);
    if (known) known.weight += 1;
    else found.set(key, { ...timesOf(history, today), weight: 1 });
  }
  return [...found.values()];
}
