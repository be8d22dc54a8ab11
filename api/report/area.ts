/** An area of reports is a folder; `_page.yaml` in it gives the heading and the place in the menu. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'yaml';
import type { ReportArea } from '../contract-reports.ts';
import { parseYaml, type YamlPart } from './parse.ts';
import { type FileProblem, failAt, ReportError, type ReportSource } from './problem.ts';
import { failNode, listOf, numberOf, pairOf, rootMap, strictMap, textOf } from './yaml.ts';

export interface FoundArea extends ReportArea {
  order: number;
  /** What is wrong with it; its heading is then the folder's name. */
  problem: FileProblem | null;
  /** Its name is that of pages of ours, so that none of its reports can be opened. */
  reserved: boolean;
}

/** Addresses below /reports that are no areas. */
const RESERVED = ['metrics', 'health', 'stages', 'retrospectives', 'edit'];

export function isReserved(name: string): boolean {
  return RESERVED.includes(name);
}

/** @param pages the folder of all areas. @param written slugs of reports of the browser. @returns every folder in it: one that is wrong holds up no other */
export function readAreas(pages: string, written: Slugs): FoundArea[] {
  return readdirSync(pages, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const reserved = RESERVED.includes(name);
      try {
        return { ...readArea(pages, name, written), problem: null, reserved };
      } catch (error) {
        if (!(error instanceof ReportError)) throw error;
        return { name, label: [name, name], order: LAST, problem: error.problem, reserved };
      }
    });
}

/** What has slugs for its keys. */
type Slugs = ReadonlyMap<string, unknown>;

export const LAST = 1000;
const MOST_ON_BOARD = 24;

function readArea(pages: string, name: string, written: Slugs): ReportArea & { order: number } {
  const path = join(pages, name, '_page.yaml');
  const file = `reports/pages/${name}/_page.yaml`;
  const source: ReportSource = { file, text: existsSync(path) ? readFileSync(path, 'utf8') : '' };
  if (RESERVED.includes(name)) {
    failAt(
      source,
      0,
      'area_reserved',
      [
        `/reports/${name} 是系统自己的页面，分区不能叫 ${name}`,
        `/reports/${name} is a page of the console: no area can be called ${name}`,
      ],
      [`把文件夹 reports/pages/${name} 改个名字`, `Rename the folder reports/pages/${name}`],
    );
  }
  if (!existsSync(path)) return { name, label: [name, name], order: LAST };
  const part = parseYaml(source, 0, source.text.length);
  const at = strictMap(part, rootMap(part), '_page', ['heading', 'order', 'board']);
  return {
    name,
    label: at.heading ? pairOf(part, at.heading.node, 'heading') : [name, name],
    order: at.order ? numberOf(part, at.order.node, 'order') : LAST,
    ...(at.board ? { board: readBoard(part, at.board.node, { pages, written }) } : {}),
  };
}

/** Slugs of reports that there are, each once. */
function readBoard(part: YamlPart, node: Node, { pages, written }: { pages: string; written: Slugs }): string[] {
  const slugs = listOf(part, node, 'board').map((entry) => {
    const slug = textOf(part, entry, 'board');
    const there = () => written.has(slug) || existsSync(join(pages, `${slug}.sql`));
    if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(slug) || !there()) {
      failNode(
        part,
        entry,
        'unknown_report',
        [`没有 ${slug} 这张报表`, `There is no report ${slug}`],
        ['写成“分区/报表”，例如 sales/orders-by-day', 'Write area/report, for example sales/orders-by-day'],
      );
    }
    return slug;
  });
  if (slugs.length > MOST_ON_BOARD || new Set(slugs).size < slugs.length) {
    failNode(part, node, 'board_too_long', [
      `board 最多 ${MOST_ON_BOARD} 张报表，每张一次`,
      `board takes at most ${MOST_ON_BOARD} reports, each once`,
    ]);
  }
  return slugs;
}
