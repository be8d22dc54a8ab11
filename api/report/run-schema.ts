/** Stage 2, `run:`, whether a report is run for everybody who opens it, once a while, or once a night. */
import type { Node } from 'yaml';
import type { ReportDefinition } from '../contract-reports.ts';
import type { YamlPart } from './parse.ts';
import { failNode, need, oneOf, strictMap, textOf } from './yaml.ts';

export const RUN_KEYS = ['mode', 'ttl'] as const;
export const RUN_MODES = ['live', 'cached', 'nightly'] as const;
const DAY_S = 86_400;

/** @throws ReportError */
export function readRun(part: YamlPart, node: Node): ReportDefinition['run'] {
  const at = strictMap(part, node, 'run', RUN_KEYS);
  const mode = oneOf(part, need(part, node, at.mode, 'run', 'mode').node, 'mode', RUN_MODES);
  if (mode !== 'cached') {
    if (at.ttl) {
      failNode(
        part,
        at.ttl.key_node,
        'key_not_for_type',
        [`mode: ${mode} 没有 ttl`, `mode: ${mode} has no ttl`],
        ['ttl 只用于 mode: cached', 'ttl goes with mode: cached'],
      );
    }
    return mode === 'live' ? undefined : { mode };
  }
  const { node: ttl } = need(part, node, at.ttl, 'run', 'ttl', ['例如 ttl: 1h', 'For example ttl: 1h']);
  const [, number = '', unit = ''] = /^(\d{1,4})(s|m|h)$/.exec(textOf(part, ttl, 'ttl')) ?? [];
  const ttl_s = Number(number) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1);
  if (!unit || ttl_s < 1 || ttl_s > DAY_S) {
    failNode(
      part,
      ttl,
      'limit_out_of_range',
      ['ttl 要在 1s 到 24h 之间', 'ttl must be between 1s and 24h'],
      ['例如 ttl: 15m、ttl: 1h', 'For example ttl: 15m or ttl: 1h'],
    );
  }
  return { mode, ttl_s };
}
