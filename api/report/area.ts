/** An area of reports is a folder; `_page.yaml` in it gives the heading and the place in the menu. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportArea } from '../contract.ts';
import { parseYaml } from './parse.ts';
import { numberOf, pairOf, rootMap, strictMap } from './yaml.ts';

/** @param pages the folder of all areas. @throws ReportError */
export function readArea(pages: string, name: string): ReportArea & { order: number } {
  const path = join(pages, name, '_page.yaml');
  if (!existsSync(path)) return { name, label: [name, name], order: 1000 };
  const source = { file: `reports/pages/${name}/_page.yaml`, text: readFileSync(path, 'utf8') };
  const part = parseYaml(source, 0, source.text.length);
  const at = strictMap(part, rootMap(part), '_page', ['heading', 'order']);
  return {
    name,
    label: at.heading ? pairOf(part, at.heading.node, 'heading') : [name, name],
    order: at.order ? numberOf(part, at.order.node, 'order') : 1000,
  };
}
