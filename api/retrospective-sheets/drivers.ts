import { tellBoth } from '../../reports/retrospective-words.ts';
import type { Pair } from '../contract.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';
import type { SheetTable } from '../xlsx/tables.ts';

const drivers: ChapterTables = ({ body }) => [...factors(body), ...parts(body), ...splits(body)];
export default drivers;

type Body = Parameters<ChapterTables>[0]['body'];

const BESIDE = [tellBoth('before'), tellBoth('after')];

function factors({ drivers: said }: Body): SheetTable[] {
  if (!said) return [{ rows: [[tellBoth('no_drivers')]] }];
  const { net, previous_net, change } = said;
  const money = (amount: string) => ({ amount, unit: 'money' as const });
  return [
    {
      title: tellBoth('by_factor'),
      head: [tellBoth('factor'), ...BESIDE, tellBoth('effect')],
      rows: [
        [tellBoth('net_sales'), money(previous_net), money(net), money(change)],
        ...(said.factors ?? []).map(({ label, unit, before, after, effect }) => [
          ...[label, { amount: before, unit }, { amount: after, unit }],
          money(effect),
        ]),
        ...(said.factors ? [] : [[tellBoth('cannot_split')]]),
      ],
    },
  ];
}

function parts({ contributions }: Body): SheetTable[] {
  return contributions.map(({ label, by, unit, parts: all }) => ({
    title: titleOf('contribution', label, by),
    head: [by, ...BESIDE, tellBoth('difference')],
    rows: all.map(({ label: of, before, after, difference }) => [
      of,
      ...[before, after, difference].map((amount) => ({ amount, unit })),
    ]),
  }));
}

function splits({ splits: all }: Body): SheetTable[] {
  return all.map(({ label, by, unit, before, after, rate_effect, mix_effect, against, parts: each }) => ({
    title: titleOf('split', label, by),
    head: [
      ...[by, ...BESIDE, tellBoth('share_before'), tellBoth('share_after')],
      ...[tellBoth('rate_effect'), tellBoth('mix_effect')],
    ],
    rows: [
      ...each.map((part) => [
        ...[part.label, { amount: part.before, unit }, { amount: part.after, unit }],
        ...[part.before_share, part.after_share].map((amount) => ({ amount, unit: 'rate' as const })),
        ...[part.rate_effect, part.mix_effect].map((amount) => ({ amount, unit })),
      ]),
      [
        ...[tellBoth('whole'), { amount: before, unit }, { amount: after, unit }, null, null],
        ...[rate_effect, mix_effect].map((amount) => ({ amount, unit })),
      ],
      ...(against ? [[tellBoth('simpson')]] : []),
    ],
  }));
}

function titleOf(word: 'contribution' | 'split', metric: Pair, by: Pair): Pair {
  return [tellBoth(word, { metric: metric[0], by: by[0] })[0], tellBoth(word, { metric: metric[1], by: by[1] })[1]];
}
