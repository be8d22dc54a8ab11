/**
 * A real Chromium in front of a real server on a test database. Pages are opened as people of test/app.ts;
 * what a failed test saw last is kept under test-results/.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { onTestFailed, onTestFinished } from 'vitest';
import type { Config } from '../../api/config.ts';
import type { Lang } from '../../api/contract.ts';
import { listen } from '../../api/server.ts';
import { SESSION_COOKIE } from '../../api/sign-in/sessions.ts';
import { buildAdmin } from '../../api/start/admin-build.ts';
import { findChromium } from '../../api/start/chromium.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { inTurn, type TestDatabase } from '../database.ts';

const RESULTS = join(import.meta.dirname, '..', '..', 'test-results');
const AXE = readFileSync(join(import.meta.dirname, '..', '..', 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A laden machine draws slowly; that is no fault of the screen. */
export const PATIENCE_MS = 30_000;

export interface Look {
  lang?: Lang;
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
}
export interface TestBrowser {
  app: TestApp;
  /** "http://127.0.0.1:40123" */
  address: string;
  /** A page that shares nothing with others of the test; null is nobody. Errors in the page's console fail the test that asks for `faults`. */
  open(person: Person | null, path: string, look?: Look): Promise<Page>;
  close(): Promise<void>;
}

/** Uncaught errors and console errors of a page, as they came; answers of 4xx that the test itself provokes are not among them. */
export const faults = new WeakMap<Page, string[]>();

/** @param config what is different from the configuration of tests */
export async function testBrowser(t: TestDatabase, config: Partial<Config> = {}): Promise<TestBrowser> {
  await inTurn('build', () => buildAdmin());
  const app = await testApp({ ...t, config: { ...t.config, ...config, host: '127.0.0.1', port: 0 } });
  // As they are: a copy would keep the definitions of this moment.
  const server = await listen(app.deps);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath: await findChromium(), args: FLAGS });
  const contexts: BrowserContext[] = [];
  // Of tests that are over: nothing is left in them but the scripts, which need not be read again.
  const rested: BrowserContext[] = [];
  const newContext = async () => {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  };
  return {
    app,
    address,
    open: async (person, path, { lang = 'zh', theme = 'light', width = 1440, height = 900 } = {}) => {
      const context = rested.pop() ?? (await newContext());
      onTestFinished(async ({ task }) => {
        if (task.result?.state === 'pass' && (await emptied(context))) rested.push(context);
      });
      if (person) {
        const value = app.cookie(person).slice(SESSION_COOKIE.length + 1);
        await context.addCookies([{ name: SESSION_COOKIE, value, url: address, httpOnly: true, sameSite: 'Lax' }]);
      }
      const page = await context.newPage();
      await page.setViewportSize({ width, height });
      await page.addInitScript(
        ([chosen_lang, chosen_theme]) => {
          if (!sessionStorage.getItem('test')) localStorage.clear();
          sessionStorage.setItem('test', 'opened');
          localStorage.setItem('evergreen.lang', localStorage.getItem('evergreen.lang') ?? chosen_lang);
          localStorage.setItem('evergreen.theme', localStorage.getItem('evergreen.theme') ?? chosen_theme);
        },
        [lang, theme] as const,
      );
      const seen: string[] = [];
      faults.set(page, seen);
      page.on('pageerror', (error) => seen.push(error.stack ?? error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          seen.push(message.text());
      });
      onTestFailed(async ({ task }) => {
        const name = `${task.name} ${contexts.indexOf(context)}`.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120);
        await picture(page, name).catch(() => undefined);
      });
      await page.goto(address + path);
      return page;
    },
    close: async () => {
      for (const context of contexts) await context.close();
      await browser.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Takes away what a test left; what pages stored is taken away when the next one is opened. @returns false when it cannot */
async function emptied(context: BrowserContext): Promise<boolean> {
  try {
    await Promise.all(context.pages().map((page) => page.close()));
    await context.clearCookies();
    await context.clearPermissions();
    return true;
  } catch {
    return false;
  }
}

/** Keeps what the page shows as test-results/<name>.png. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  await page.screenshot({ path: join(RESULTS, `${name}.png`), fullPage: true });
}

/**
 * What axe finds wrong by WCAG 2.2 A and AA: "rule: selector", none when clean. A target that a bar at the window's edge
 * covers just now is scrolled out from under it, so it counts when it is too small without the bar, too; that the focus is
 * never left under a bar, keyboard.ts holds.
 */
export async function axe(page: Page): Promise<string[]> {
  const all = await findings(page);
  const isTarget = (each: string) => each.startsWith('target-size:');
  if (!all.some(isTarget)) return all;
  const loose = await page.addStyleTag({ content: '.bar, .form-foot { position: static; }' });
  try {
    return [...all.filter((each) => !isTarget(each)), ...(await findings(page)).filter(isTarget)];
  } finally {
    await loose.evaluate((node) => (node as Element).remove());
  }
}

async function findings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const found = await (
      window as unknown as {
        axe: {
          run(
            root: Document,
            options: object,
          ): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }>;
        };
      }
    ).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // The rest is only counted, which takes a third less.
      resultTypes: ['violations'],
    });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary.split('\n')[1] ?? ''}`),
    );
  });
}
