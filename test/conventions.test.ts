/** Conventions of the source: who may import whom, and what is written where. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDERS = ['api', 'admin', 'reports', 'test'];

interface Source {
  path: string;
  text: string;
  /** Files of the repository by path, packages by name. */
  imports: { target: string; typeOnly: boolean }[];
}

const sources: Source[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('dist'))
    .map((path) => read(join(folder, path))),
);

function read(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm,
  );
  const imports = [...found].map(([, type, from, lazy]) => {
    const name = (from ?? lazy)!;
    const target = name.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(path), name)) : packageOf(name);
    return { target, typeOnly: type !== undefined };
  });
  return { path, text, imports };
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function offenders(wrong: (source: Source, target: string) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter(({ target }) => wrong(source, target))
      .map(({ target }) => `${source.path} imports ${target}`),
  );
}

const within = (path: string, folder: string) => path.startsWith(`${folder}/`);

test('the API imports neither the screens nor what they are made of', () => {
  const wrong = offenders(
    ({ path }, target) =>
      within(path, 'api') &&
      (within(target, 'admin') ||
        within(target, 'test') ||
        /^(react|react-dom|antd|@antv\/g2|@refinedev\/.*)$/.test(target)),
  );
  expect(wrong).toEqual([]);
});

test('screens and charts take from the API only its contract, the predicates, what repeats and how a form is laid out', () => {
  const wrong = offenders(
    ({ path }, target) =>
      (within(path, 'admin') || within(path, 'reports')) &&
      within(target, 'api') &&
      !/^api\/(contract(-[a-z]+)?|predicate|recurrence|form-layout)\.ts$/.test(target),
  );
  expect(wrong).toEqual([]);
});

test('charts do not import screens', () => {
  expect(offenders(({ path }, target) => within(path, 'reports') && within(target, 'admin'))).toEqual([]);
});

test('the contract imports nothing but its own parts', () => {
  expect(sources.find(({ path }) => path === 'api/contract.ts')?.imports).toEqual([]);
  const isPart = (path: string) => /^api\/contract(-[a-z]+)?\.ts$/.test(path);
  expect(offenders(({ path }, target) => isPart(path) && !isPart(target))).toEqual([]);
});

test('the database is reached from api and test only', () => {
  const wrong = offenders(
    ({ path }, target) => /^(pg|kysely|pg-copy-streams)$/.test(target) && !within(path, 'api') && !within(path, 'test'),
  );
  expect(wrong).toEqual([]);
});

test('what the browser evaluates predicates with does not bring the query builder along', () => {
  const seen = new Set<string>();
  const follow = (path: string): string[] => {
    if (seen.has(path)) return [];
    seen.add(path);
    const source = sources.find((each) => each.path === path);
    const real = source?.imports.filter((each) => !each.typeOnly).map((each) => each.target) ?? [];
    return [...real, ...real.flatMap(follow)];
  };
  expect(follow('api/predicate.ts').filter((target) => /^(kysely|pg)$/.test(target))).toEqual([]);
});

test('one file draws: @antv/g2 is imported once', () => {
  const files = offenders((_, target) => target === '@antv/g2');
  expect(files.length).toBeLessThanOrEqual(1);
});

test('@refinedev/antd stays in one adapter folder', () => {
  const folders = sources
    .filter(
      (source) => source.path.startsWith('admin/') && source.imports.some(({ target }) => target === '@refinedev/antd'),
    )
    .map((source) => dirname(source.path));
  expect(new Set(folders).size).toBeLessThanOrEqual(1);
});

test('no test is left out or left alone', () => {
  const marked = sources.filter(
    ({ path, text }) =>
      within(path, 'test') &&
      /\b(?:test|it|describe)(?:\.\w+)*\.(?:only|skip|todo)\b/.test(text.replace(/'[^']*'|\/[^/\n]+\/[gimsuy]*/g, '')),
  );
  expect(marked.map(({ path }) => path)).toEqual([]);
});

test('no test looks at the clock: a laden machine is no fault', () => {
  const timed = sources.filter(
    ({ path, text }) => /^test\/(?!bench\/)/.test(path) && /\bperformance\.now\(|\bhrtime\b/.test(text),
  );
  expect(timed.map(({ path }) => path)).toEqual([]);
});

test('statements are written in sql/ or built by Kysely, not put together as text', () => {
  const keyword = 'select|insert into|update|delete from|create|alter|drop|grant|revoke|with';
  const statement = new RegExp(
    `(?<!sql|>)(['"\`])\\s*(?:${keyword})\\s+[a-z_*"(]+[^'"\`]*?\\b(?:from|into|set|values|table|view|schema|role|as)\\b`,
  );
  const found = sources
    .filter(({ path }) => within(path, 'api'))
    .map(({ path, text }) => ({ path, match: statement.exec(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''))?.[0] }))
    // An analyst's own statement has to be wrapped as text.
    .filter(({ match }) => match !== undefined && !/select \* from$/.test(match));
  expect(found).toEqual([]);
});

test('no folder is a drawer for everything, and no file only passes others on', () => {
  const drawers = sources.filter(({ path }) =>
    /(?:^|\/)(?:utils?|common|helpers?|services?|repositor(?:y|ies)|dto|mappers?)(?:\/|\.)/.test(path),
  );
  const barrels = sources.filter(({ text }) =>
    /^(?:\s*export (?:\*|\{[^}]*\}) from .*\n?)+$/.test(text.replace(/\/\*[\s\S]*?\*\//g, '').trim()),
  );
  expect([...drawers, ...barrels].map(({ path }) => path)).toEqual([]);
});
