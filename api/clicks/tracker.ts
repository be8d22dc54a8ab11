/**
 * Runs in the pages that are measured, by one tag:
 *
 *   <script async src="https://…/t.js" data-page="code" data-version="1" data-customer="…" data-sample="0.5" data-consent="…"></script>
 *
 * Sends views, clicks, clicks in anger, clicks without effect and how far was scrolled; of the page nothing but ids and places of
 * elements. No cookie; what it keeps is a random number for the tab. Not imported by anything: api/clicks/tracker-script.ts serves it.
 */

interface Sent {
  kind: 'view' | 'click' | 'rage' | 'dead' | 'scroll';
  at: number;
  element?: string;
  x?: number;
  y?: number;
}
interface Batch {
  batch: number;
  width: number;
  events: Sent[];
}

const tag = document.currentScript as HTMLScriptElement;
const said = tag.dataset;
const home = new URL('/api/collect', tag.src).href;
const browser = navigator as Navigator & { globalPrivacyControl?: boolean };
const shop = window as unknown as { [name: string]: unknown };

const KEEPS = 'evergreen.visit';
const ON_A_SPOT = 30;
const IN_ANGER_MS = 1000;
const WITHOUT_EFFECT_MS = 2500;
const GATHER_MS = 5000;
const MOST = 50;

let end: (() => void) | undefined;

function begin(): void {
  if (end || browser.globalPrivacyControl || browser.doNotTrack === '1') return;
  const visit = visitOf();
  if (Number(`0x${visit.slice(0, 4)}`) / 65536 >= Number(said.sample ?? 1)) return;

  const over = new AbortController();
  const hear = (where: EventTarget, names: string, work: (event: never) => void): void => {
    for (const name of names.split(' '))
      where.addEventListener(name, work as EventListener, { capture: true, passive: true, signal: over.signal });
  };
  let events: Sent[] = [];
  let waiting: Batch[] = [];
  let flying: Batch | undefined;
  // A tab that was duplicated has the visit of the other: the time of loading keeps their batches apart.
  let number = Date.now() * 1000;
  let width = innerWidth;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = GATHER_MS;

  function note(kind: Sent['kind'], where?: Pick<Sent, 'element' | 'x' | 'y'>): void {
    if (over.signal.aborted) return;
    if (innerWidth !== width) close();
    width = innerWidth;
    events.push({ kind, at: Date.now(), ...where });
    if (events.length === MOST) send();
    else timer ??= setTimeout(send, GATHER_MS);
  }

  function close(): void {
    clearTimeout(timer);
    timer = undefined;
    if (events.length) waiting.push({ batch: number++, width, events });
    events = [];
    waiting = waiting.slice(-MOST);
  }

  const text = (batch: Batch): string =>
    JSON.stringify({
      page: said.page,
      address: said.page ? undefined : location.origin + location.pathname,
      version: said.version ? Number(said.version) : undefined,
      visit,
      sent: Date.now(),
      robot: browser.webdriver || undefined,
      customer: said.customer,
      ...batch,
    });

  async function send(): Promise<void> {
    close();
    const [batch] = waiting;
    if (flying || !batch) return;
    flying = batch;
    let status = 503;
    try {
      status = (await fetch(home, { method: 'POST', body: text(batch), keepalive: true, credentials: 'omit' })).status;
    } catch {}
    flying = undefined;
    // Known by its number: what arrived though nobody answered counts once.
    if (status === 429 || status > 499) {
      pause = Math.min(pause * 2, 60_000);
      timer ??= setTimeout(send, pause);
      return;
    }
    pause = GATHER_MS;
    waiting = waiting.filter((each) => each !== batch);
    if (waiting.length) send();
  }

  let changed = 0;
  const change = (): void => {
    changed = performance.now();
  };
  const observer = new MutationObserver(change);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  hear(window, 'blur input change hashchange popstate', change);
  hear(document, 'focusin', ({ target }: FocusEvent) => {
    if ((target as Element).matches('input,textarea,select,[contenteditable]')) change();
  });

  let deepest = 0;
  let told = 0;
  const look = (): void => {
    deepest = Math.max(deepest, part(scrollY + innerHeight, document.documentElement.scrollHeight));
  };
  hear(document, 'scroll', () => {
    change();
    look();
  });

  let pressed = 0;
  let spots: { x: number; y: number; at: number }[] = [];
  hear(document, 'pointerdown keydown', () => {
    pressed = performance.now();
  });
  hear(document, 'click', ({ target, clientX, clientY, detail, isTrusted }: MouseEvent) => {
    const since = pressed;
    // What a label passes on to its field is no click of its own.
    pressed = 0;
    if (!since || !isTrusted || !(target instanceof Element) || target.closest('[data-hm-ignore]')) return;
    const element = target.closest('[data-hm]') ?? target;
    const { left, top, width: wide, height } = element.getBoundingClientRect();
    const where: Pick<Sent, 'element' | 'x' | 'y'> = { element: element.getAttribute('data-hm') ?? pathOf(element) };
    // A key presses no place.
    if (detail) {
      where.x = part(clientX - left, wide);
      where.y = part(clientY - top, height);
    }
    note('click', where);
    if (detail) spots = [...spots.slice(-2), { x: clientX, y: clientY, at: since }];
    const [first] = spots;
    const near = spots.every((one) =>
      spots.every((other) => Math.hypot(one.x - other.x, one.y - other.y) <= ON_A_SPOT),
    );
    if (first && spots.length > 2 && near && since - first.at <= IN_ANGER_MS) {
      spots = [];
      note('rage', where);
    }
    setTimeout(() => changed < since && note('dead', where), WITHOUT_EFFECT_MS);
  });

  const leave = (): void => {
    change();
    look();
    if (deepest > told) note('scroll', { y: deepest });
    told = deepest;
    close();
    // Without a network the page may be back before it; then they are still there.
    if (browser.onLine) waiting = waiting.filter((each) => each === flying || !browser.sendBeacon(home, text(each)));
  };
  hear(document, 'visibilitychange', () => document.hidden && leave());
  hear(window, 'pagehide', leave);
  hear(window, 'online', send);
  hear(window, 'pageshow', ({ persisted }: PageTransitionEvent) => persisted && note('view'));

  end = () => {
    over.abort();
    observer.disconnect();
    clearTimeout(timer);
    events = waiting = [];
    try {
      sessionStorage.removeItem(KEEPS);
    } catch {}
    end = undefined;
  };
  note('view');
}

/** Ten-thousandths. */
function part(at: number, of: number): number {
  return Math.max(0, Math.min(9999, Math.floor((at / (of || 1)) * 1e4)));
}

function visitOf(): string {
  let drawn = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(13))) drawn += (byte % 16).toString(16);
  // A page may not be allowed to keep anything: then each page is a visit.
  try {
    const kept = sessionStorage.getItem(KEEPS) ?? drawn;
    sessionStorage.setItem(KEEPS, kept);
    return kept;
  } catch {
    return drawn;
  }
}

/** "#main>ul:1>li:2": from the nearest id on, each by its place among its kind. An id with a number in it may say who somebody is. */
function pathOf(element: Element): string {
  let path = '';
  for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
    if (/^[a-z][a-z_-]*\d{0,2}$/i.test(at.id)) return `#${at.id}${path}`;
    const { tagName, parentElement } = at;
    const alike = [...(parentElement?.children ?? [])].filter((each) => each.tagName === tagName);
    path = `>${tagName.toLowerCase()}:${alike.indexOf(at) + 1}${path}`;
  }
  return path.slice(1) || 'html';
}

shop.evergreen = { consent: (given = true) => (given ? begin() : end?.()) };
const { consent } = said;
const asked = consent && shop[consent];
if (!consent || consent === 'given' || (typeof asked === 'function' && asked())) begin();
