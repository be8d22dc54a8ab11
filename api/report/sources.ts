/** Every report there is, as text: the files below reports/pages, and what was published in the browser. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FoundArea, LAST } from './area.ts';

export interface FoundReport {
  slug: string;
  text: string;
  origin: 'file' | 'browser';
  /** What it is called where something is wrong with it. */
  file: string;
  area: FoundArea;
}

/** How a text of the browser is called in messages: the name that "download .sql" gives it. */
export function browserFile(slug: string): string {
  return `${slug}.sql`;
}

/**
 * A report has one origin: where there is a file, it counts.
 * @param areas the folders; an area that only reports of the browser name is added
 * @param written slug -> published text
 */
export function readSources(pages: string, areas: FoundArea[], written: ReadonlyMap<string, string>): FoundReport[] {
  const files = areas.flatMap((area) =>
    readdirSync(join(pages, area.name))
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .map((file): FoundReport => {
        const slug = `${area.name}/${file.slice(0, -4)}`;
        const text = readFileSync(join(pages, area.name, file), 'utf8');
        return { slug, text, origin: 'file', file: `reports/pages/${slug}.sql`, area };
      }),
  );
  const taken = new Set(files.map(({ slug }) => slug));
  const others = [...written].filter(([slug]) => !taken.has(slug));
  return [
    ...files,
    ...others.map(([slug, text]): FoundReport => {
      return { slug, text, origin: 'browser', file: browserFile(slug), area: areaOf(slug, areas) };
    }),
  ];
}

/** A folder may have been removed since. */
function areaOf(slug: string, areas: FoundArea[]): FoundArea {
  const name = slug.split('/')[0]!;
  const known = areas.find((area) => area.name === name);
  if (known) return known;
  const added: FoundArea = { name, label: [name, name], order: LAST, problem: null, reserved: false };
  areas.push(added);
  return added;
}
