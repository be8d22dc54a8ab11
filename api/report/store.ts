/**
 * The reports that are live. Files under reports/ are read by folder and watched; each text that compiles is published,
 * each that does not keeps the last good one live and shows its problem. Published texts are kept in
 * app.report_versions, so that a broken file has a good version after a restart too.
 */
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { extname, join } from 'node:path';
import type { Deps } from '../context.ts';
import type { ReportArea } from '../contract-reports.ts';
import { readMoment } from '../programme.ts';
import { announce } from '../records/announce.ts';
import { readAreas } from './area.ts';
import { liveTexts } from './browser-reports.ts';
import { type CompileContext, type CompiledReport, compileReport } from './compile.ts';
import { keepMetricChoices, METRICS } from './metric-choices.ts';
import { type Metrics, REPORTS_FOLDER, readMetrics } from './metrics.ts';
import { type FileProblem, ReportError } from './problem.ts';
import { tryReport } from './run.ts';
import { browserFile, type FoundReport, readSources } from './sources.ts';
import { checkTrial } from './trial.ts';
import { type ReportView, readReportViews } from './views.ts';

export interface ReportEntry {
  slug: string;
  area: string;
  origin: 'file' | 'browser';
  /** As it stands, also where it does not compile. */
  text: string;
  live: CompiledReport | null;
  problem: FileProblem | null;
}
export interface ReportStore {
  list(): Promise<ReportEntry[]>;
  get(slug: string): Promise<ReportEntry | undefined>;
  areas(): Promise<ReportArea[]>;
  metrics(): Promise<Metrics>;
  /** Compiles a text that is not one of the store's, as it would be if it were saved under that name. */
  compile(slug: string, text: string): Promise<CompiledReport>;
  views(): Promise<readonly ReportView[]>;
  /** Called with the slug after a file was saved and compiled, or removed. @returns a function that ends it. */
  onChange(listener: (slug: string) => void): () => void;
  /** Compiles again whatever changed on disk; the watcher calls it. @returns the slugs that changed. */
  refresh(): Promise<string[]>;
  close(): void;
}

const SETTLE_MS = 60;
const stores = new WeakMap<object, ReportStore>();

/** One store per report database of the process, opened at first use. */
export function reportStore(deps: Deps, folder = REPORTS_FOLDER): ReportStore {
  const found = stores.get(deps.report);
  if (found) return found;
  const store = openReportStore(deps, folder);
  stores.set(deps.report, store);
  return store;
}

/** Compiles every report once the server is up, so that the first visitor does not wait for it. */
export async function warmReports(deps: Deps): Promise<void> {
  try {
    for (const { problem } of await reportStore(deps).list()) warn(deps, problem);
  } catch (error) {
    deps.log.error({ err: error }, 'the reports could not be read');
  }
}

function warn({ log }: Deps, problem: FileProblem | null | undefined): void {
  if (problem) log.warn({ problem }, `${problem.file}:${problem.line}:${problem.column} ${problem.message[1]}`);
}

/** What is published in the browser changed, here or in another process. */
export async function refreshReports(deps: Deps): Promise<void> {
  try {
    await reportStore(deps).refresh();
  } catch (error) {
    deps.log.error({ err: error }, 'the reports could not be read again');
  }
}

interface Loaded {
  entries: Map<string, ReportEntry>;
  context: CompileContext;
  areas: ReportArea[];
  metrics: Metrics;
  views: ReportView[];
  /** Of the registry and the areas: when it changes, every report is compiled again. */
  shared_hash: string;
  /** The definitions that were in force. */
  resources: Deps['resources'];
}

function openReportStore(deps: Deps, folder: string): ReportStore {
  const listeners = new Set<(slug: string) => void>();
  let loaded: Promise<Loaded> | null = null;
  let working: Promise<unknown> = Promise.resolve();
  const ready = () => {
    loaded ??= load(deps, folder, null).catch((error) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
  /** With the views of the fields that staff added, which come and go with the definitions. */
  const current = async () => {
    const found = await ready();
    if (found.resources === deps.resources) return found;
    await refresh();
    return ready();
  };
  const refresh = () => {
    // One refresh at a time: the later one sees what the earlier left.
    const next = working.then(async () => {
      // What nobody has asked for yet is read when somebody does.
      if (!loaded) return [];
      const before = await ready();
      const after = await load(deps, folder, before);
      loaded = Promise.resolve(after);
      const changed = changes(before, after);
      for (const slug of changed) {
        warn(deps, after.entries.get(slug)?.problem);
        for (const listener of listeners) listener(slug);
      }
      return changed;
    });
    working = next.catch(() => {});
    return next;
  };
  const watcher = watchFolder(deps, folder, () => {
    refresh().catch((error) => deps.log.error({ err: error }, 'the reports could not be read again'));
  });
  return {
    list: async () => [...(await current()).entries.values()],
    get: async (slug) => (await current()).entries.get(slug),
    areas: async () => (await ready()).areas,
    metrics: async () => (await ready()).metrics,
    views: async () => (await current()).views,
    compile: async (slug, text) => {
      const { context } = await current();
      const { today, time_zone } = await readMoment(deps.db, null);
      const slugs = context.slugs.includes(slug) ? context.slugs : [...context.slugs, slug];
      return compileReport(
        { file: browserFile(slug), text },
        { slug, context: { ...context, today, time_zone, slugs } },
      );
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
    close: () => watcher?.close(),
  };
}

async function load(deps: Deps, folder: string, before: Loaded | null): Promise<Loaded> {
  const { resources } = deps;
  const pages = join(folder, 'pages');
  const written = await liveTexts(deps.db);
  const areas = readAreas(pages, written);
  const sources = readSources(pages, areas, written);
  const metrics = await keepOnError(deps, before?.metrics, () => readMetrics(join(folder, 'metrics')));
  // What can be chosen where a metric is named follows the files.
  if (keepMetricChoices(deps.db, metrics)) announce(deps, METRICS, []);
  const views = await readReportViews(deps.db);
  const { today, time_zone } = await readMoment(deps.db, null);
  const shared_hash = hash(
    JSON.stringify([[...metrics.metrics], [...metrics.dimensions], views, areas, sources.map(({ slug }) => slug)]),
  );
  const context: CompileContext = {
    pool: deps.report,
    time_zone,
    today,
    views: views.map((view) => view.name),
    metrics,
    resources,
    slugs: sources.map(({ slug }) => slug),
  };
  const entries: Loaded['entries'] = new Map();
  for (const source of sources) {
    const old = before?.entries.get(source.slug);
    const same = old && old.text === source.text && old.origin === source.origin;
    if (same && before?.shared_hash === shared_hash) entries.set(source.slug, old);
    else entries.set(source.slug, await publish(deps, { source, old, context, trial: before !== null && !same }));
  }
  return { entries, context, areas: areas.sort((a, b) => a.order - b.order), metrics, views, shared_hash, resources };
}

/** Of a text that was just saved, not of what was live before: it is run once, so that it does not fail its first reader. */
async function tried(deps: Deps, live: CompiledReport): Promise<void> {
  checkTrial(live, await tryReport(deps, live, { query: {}, lang: 'zh' }));
}

/** Compiles one text; what does not compile leaves the last good version in its place. */
async function publish(
  deps: Deps,
  {
    source: {
      slug,
      text,
      origin,
      file,
      area: { name: area, problem, reserved },
    },
    old,
    context,
    trial,
  }: { source: FoundReport; old: ReportEntry | undefined; context: CompileContext; trial: boolean },
): Promise<ReportEntry> {
  const entry = { slug, area, origin, text };
  if (reserved) return { ...entry, live: null, problem };
  try {
    const live = await compileReport({ file, text }, { slug, context });
    if (trial && origin === 'file') await tried(deps, live);
    await remember(deps, slug, live);
    // A heading that is wrong is told on the reports below it, which are none the worse.
    return { ...entry, live, problem };
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    const live = old?.live ?? (await lastGood(deps, slug, context));
    return { ...entry, live, problem: error.problem };
  }
}

async function remember({ db }: Deps, slug: string, { hash, source }: CompiledReport): Promise<void> {
  await db
    .insertInto('app.report_versions')
    .values({ slug, hash, body: source.text })
    .onConflict((conflict) =>
      conflict.columns(['slug', 'hash']).doUpdateSet({ published_at: new Date().toISOString() }),
    )
    .execute();
}

async function lastGood({ db }: Deps, slug: string, context: CompileContext): Promise<CompiledReport | null> {
  const version = await db
    .selectFrom('app.report_versions')
    .select('body')
    .where('slug', '=', slug)
    .orderBy('published_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!version) return null;
  try {
    return await compileReport({ file: `reports/pages/${slug}.sql`, text: version.body }, { slug, context });
  } catch (error) {
    // The views it was written for are gone.
    if (error instanceof ReportError) return null;
    throw error;
  }
}

/** A broken registry leaves the one before in force; at start there is none and the error is told. */
async function keepOnError(deps: Deps, before: Metrics | undefined, read: () => Metrics): Promise<Metrics> {
  try {
    return read();
  } catch (error) {
    if (!before || !(error instanceof ReportError)) throw error;
    deps.log.warn({ problem: error.problem }, error.message);
    return before;
  }
}

function changes(before: Loaded, after: Loaded): string[] {
  const slugs = new Set([...before.entries.keys(), ...after.entries.keys()]);
  return [...slugs].filter((slug) => before.entries.get(slug) !== after.entries.get(slug));
}

function watchFolder(deps: Deps, folder: string, changed: () => void): FSWatcher | null {
  let timer: NodeJS.Timeout | undefined;
  try {
    // An editor writes a file in several steps: wait until it has settled.
    const watcher = watch(folder, { recursive: true, persistent: false }, (_event, name) => {
      // A name without an ending is a folder that came or went.
      if (name && !['.sql', '.yaml', ''].includes(extname(name))) return;
      clearTimeout(timer);
      timer = setTimeout(changed, SETTLE_MS);
    });
    watcher.on('error', (error) => deps.log.warn({ err: error }, 'the reports folder is no longer watched'));
    return watcher;
  } catch (error) {
    deps.log.warn({ err: error }, 'the reports folder cannot be watched; changed reports appear after a restart');
    return null;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
