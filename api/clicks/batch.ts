/**
 * What the tracker sends, checked: nothing gets further that is not one of these values. A batch that cannot be understood is
 * refused with its field; an event that cannot be understood is counted as invalid and the others are taken.
 */
import { DEVICE_CLASSES, type DeviceClass } from '../contract-clicks.ts';
import { type FieldFault, fieldErrors } from '../errors.ts';

/** In one batch. */
export const EVENTS_MAX = 60;
/** Of the body. */
export const BYTES_MAX = 64 * 1024;
const DAY_MS = 86_400_000;
/** Clocks are set while a page is open. */
const AHEAD_MS = 60_000;

const KINDS = ['click', 'rage', 'dead', 'scroll'] as const;

/** Its data-hm, or a selector. Whatever could be a phone number or an address of somebody is no name of an element. */
export const ELEMENT = /^(?!.*\d{6})[a-z0-9_#][a-z0-9_.:#>-]{0,199}$/i;

export interface ClickEvent {
  kind: (typeof KINDS)[number];
  /** Milliseconds since 1970 by our clock. */
  at: number;
  element: string | null;
  /** Ten-thousandths of the element's box; null where a key was pressed. */
  x: number | null;
  y: number | null;
}

export interface ClickBatch {
  /** Code of the page, or the address it was seen at, without what follows a "?". */
  page: { code: string } | { address: string };
  /** Null: the one that is published. */
  version: number | null;
  /** Drawn at random for a tab. */
  visit: number;
  /** 0..1, the same for every batch of a visit: it is measured when this is below the page's rate. */
  draw: number;
  batch: number;
  device_class: DeviceClass;
  /** The browser says that a program steers it. */
  robot: boolean;
  customer: string | null;
  /** When the page was seen, by our clock. */
  views: number[];
  events: ClickEvent[];
  invalid: number;
}

const ENVELOPE = ['page', 'address', 'version', 'visit', 'batch', 'sent', 'width', 'robot', 'customer', 'events'];
const EVENT = ['kind', 'at', 'element', 'x', 'y'];

/**
 * @param received milliseconds since 1970 by our clock
 * @throws Problem 422 naming the field
 */
export function readBatch(body: { [name: string]: unknown }, received: number): ClickBatch {
  const faults: { [field: string]: FieldFault } = {};
  const wrong = (field: string, key = 'click_wrong_kind'): void => {
    faults[field] ??= { key, params: { label: field } };
  };
  for (const name of Object.keys(body)) if (!ENVELOPE.includes(name)) wrong(name.slice(0, 60), 'click_unknown');
  const { page, address, version = null, visit, batch, sent, width, robot = false, customer = null, events } = body;
  const named = typeof page === 'string' && /^[a-z][a-z0-9_]{0,99}$/.test(page);
  if (page !== undefined ? !named || address !== undefined : !isAddress(address))
    wrong(page === undefined ? 'address' : 'page');
  if (version !== null && !whole(version, 1, 1e9)) wrong('version');
  if (typeof visit !== 'string' || !/^[0-9a-f]{13}$/.test(visit)) wrong('visit');
  if (!whole(batch, 0, Number.MAX_SAFE_INTEGER)) wrong('batch');
  if (!whole(sent, 0, Number.MAX_SAFE_INTEGER)) wrong('sent');
  if (!whole(width, 1, 100_000)) wrong('width');
  if (typeof robot !== 'boolean') wrong('robot');
  if (customer !== null && (typeof customer !== 'string' || customer.length > 200)) wrong('customer');
  if (!Array.isArray(events) || events.length === 0) wrong('events');
  else if (events.length > EVENTS_MAX) wrong('events', 'click_too_many');
  if (Object.keys(faults).length > 0) throw fieldErrors(faults);

  const read: ClickBatch = {
    page: named ? { code: page as string } : { address: address as string },
    version: version as number | null,
    visit: Number.parseInt(visit as string, 16),
    draw: Number.parseInt((visit as string).slice(0, 4), 16) / 2 ** 16,
    batch: batch as number,
    device_class: deviceClass(width as number),
    robot: robot as boolean,
    customer: customer as string | null,
    views: [],
    events: [],
    invalid: 0,
  };
  const clock = { received, sent: sent as number };
  for (const event of events as unknown[]) takeEvent(read, event, clock);
  return read;
}

/** The class of a page's width in CSS pixels. */
export function deviceClass(width: number): DeviceClass {
  if (width < DEVICE_CLASSES.tablet.from) return 'phone';
  return width < DEVICE_CLASSES.desktop.from ? 'tablet' : 'desktop';
}

function takeEvent(read: ClickBatch, event: unknown, { received, sent }: { received: number; sent: number }): void {
  if (typeof event !== 'object' || event === null || Object.keys(event).some((name) => !EVENT.includes(name))) {
    read.invalid++;
    return;
  }
  const { kind, at, element = null, x = null, y = null } = event as { [name: string]: unknown };
  // Whatever the visitor's clock says, what it says between two moments is right: the age counts.
  const age = whole(at, 0, Number.MAX_SAFE_INTEGER) ? sent - at : Number.NaN;
  const late = !(age >= -AHEAD_MS && age < DAY_MS) || Math.abs(received - sent) >= DAY_MS;
  const time = received - Math.max(age, 0);
  if (late) read.invalid++;
  else if (kind === 'view' && element === null && x === null && y === null) read.views.push(time);
  else if (kind === 'scroll' && element === null && x === null && whole(y, 0, 9999))
    read.events.push({ kind, at: time, element: null, x: null, y });
  else if ((kind === 'click' || kind === 'rage' || kind === 'dead') && isElement(element) && isPlace(x, y))
    read.events.push({ kind, at: time, element, x: x as number | null, y: y as number | null });
  else read.invalid++;
}

const isElement = (value: unknown): value is string => typeof value === 'string' && ELEMENT.test(value);
const isPlace = (x: unknown, y: unknown): boolean =>
  (x === null && y === null) || (whole(x, 0, 9999) && whole(y, 0, 9999));

function whole(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** Scheme, host and path; what may hold somebody's name is not sent, and refused. */
function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 2000 && /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(value);
}
