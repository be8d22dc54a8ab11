/**
 * The files of sql/: which exist, what each makes, and in which order views and routines are made.
 * Folders are read; no list of files is kept anywhere.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

export const SQL_FOLDER = resolve(import.meta.dirname, '..', '..', 'sql');

export interface SqlFile {
  /** From the root of the repository: "sql/views/base/orders.sql". */
  path: string;
  name: string;
  text: string;
}

export interface Migration extends SqlFile {
  number: number;
  hash: string;
  /** Its first line says `-- outside a transaction`: for `create index concurrently` and the like. */
  outside: boolean;
}

export interface ObjectFile extends SqlFile {
  /** "base.orders" */
  object: string;
}

/** @throws when two migrations share a number or a file has none. */
export function readMigrations(folder = SQL_FOLDER): Migration[] {
  const files = readFolder(folder, 'migrations').map((file) => {
    const number = Number(/^(\d{4})_[a-z0-9_]+$/.exec(file.name)?.[1]);
    if (!number) throw new Error(`${file.path}: a migration is named like 0042_what_it_does.sql`);
    return { ...file, number, hash: hashOf([file.text]), outside: /^-- outside a transaction\b/.test(file.text) };
  });
  for (const [index, file] of files.entries()) {
    if (files[index - 1]?.number === file.number) {
      throw new Error(`${files[index - 1]?.path} and ${file.path} have the same number`);
    }
  }
  return files;
}

/** Views, functions for reports, procedures and jobs, each after what it is made of. */
export function readObjects(folder = SQL_FOLDER): ObjectFile[] {
  const of = (path: string, schema: string) =>
    readFolder(folder, path).map((file) => ({ ...file, object: `${schema}.${file.name}` }));
  return inOrder([
    ...of('views/base', 'base'),
    ...of('views/report', 'report'),
    ...of('functions', 'report'),
    ...of('procedures', 'ops'),
    ...of('jobs', 'ops'),
  ]);
}

/** The functions that a report may call as `report.<name>(…)`: one file each in sql/functions. */
export function readReportFunctions(folder = SQL_FOLDER): string[] {
  return readFolder(folder, 'functions').map((file) => file.name);
}

export function readSql(path: string, folder = SQL_FOLDER): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** Jobs that are one routine; their schedule stands in the header. */
export function readJobFiles(folder = SQL_FOLDER): SqlFile[] {
  return readFolder(folder, 'jobs');
}

/** Files of the default programme, in the order of their names. */
export function readDefaults(folder = SQL_FOLDER): SqlFile[] {
  return readFolder(folder, 'defaults');
}

/** Files of the demo programme, in the order of their names. */
export function readDemo(folder = SQL_FOLDER): SqlFile[] {
  return readFolder(folder, 'demo');
}

export function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex');
}

function readFolder(folder: string, path: string): SqlFile[] {
  const full = join(folder, path);
  if (!existsSync(full)) return [];
  return readdirSync(full)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({
      path: relative(resolve(folder, '..'), join(full, name)),
      name: basename(name, '.sql'),
      text: readFileSync(join(full, name), 'utf8'),
    }));
}

/**
 * Sorts by what the texts refer to. What a quoted body ($$…$$) refers to is looked up when it runs, so those
 * references order the files where they can and are let go where they would make a circle.
 * @throws when two files make the same object, or views refer to each other in a circle.
 */
export function inOrder(files: readonly ObjectFile[]): ObjectFile[] {
  const byObject = new Map<string, ObjectFile>();
  for (const file of files) {
    const other = byObject.get(file.object);
    if (other) throw new Error(`${other.path} and ${file.path} both make ${file.object}`);
    byObject.set(file.object, file);
  }
  const done = new Set<string>();
  const result: ObjectFile[] = [];
  function visit(file: ObjectFile, trail: readonly string[]): void {
    if (done.has(file.object)) return;
    if (trail.includes(file.object)) {
      throw new Error(`${file.path}: made of itself: ${[...trail, file.object].join(' -> ')}`);
    }
    const { needed, called } = references(file.text);
    const next = [...trail, file.object];
    for (const name of needed) {
      const other = name === file.object ? undefined : byObject.get(name);
      if (other) visit(other, next);
    }
    for (const name of called) {
      const other = next.includes(name) ? undefined : byObject.get(name);
      if (other && !reaches(other, next)) visit(other, next);
    }
    done.add(file.object);
    result.push(file);
  }
  /** Whether making `file` now would come back to something that is being made. */
  function reaches(file: ObjectFile, trail: readonly string[], seen = new Set<string>()): boolean {
    if (done.has(file.object) || seen.has(file.object)) return false;
    seen.add(file.object);
    return references(file.text).needed.some((name) => {
      if (trail.includes(name)) return true;
      const other = byObject.get(name);
      return other !== undefined && other !== file && reaches(other, trail, seen);
    });
  }
  for (const file of files) visit(file, []);
  return result;
}

function references(text: string): { needed: string[]; called: string[] } {
  const bare = text.replace(/--.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');
  const bodies: string[] = [];
  const outside = bare.replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, (body) => {
    bodies.push(body);
    return '';
  });
  // A comment on a view or an error's hint may name other objects.
  const code = outside.replace(/'(?:[^']|'')*'/g, "''");
  const find = (source: string) =>
    [...source.matchAll(/\b(?:base|report|ops)\.[a-z_][a-z0-9_]*/g)].map((match) => match[0]);
  return { needed: find(code), called: bodies.flatMap(find) };
}
