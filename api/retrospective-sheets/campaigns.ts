import { tellBoth } from '../../reports/retrospective-words.ts';
import { type Word, words } from '../../reports/words.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';

const campaigns: ChapterTables = ({ body }) => [
  {
    title: tellBoth('campaigns'),
    head: [
      ...[words('health_campaign'), tellBoth('starts'), tellBoth('due'), tellBoth('metric'), words('health_goal')],
      ...[words('health_reached'), words('health_budget'), tellBoth('used_rate'), words('state')],
    ],
    rows: body.campaigns.map(({ name, starts_on, ends_on, goal, budget, status, stopped_at }) => [
      ...[name, { day: starts_on }, { day: ends_on }],
      ...(goal
        ? [goal.label, { amount: goal.target, unit: goal.unit }, { amount: goal.value, unit: goal.unit }]
        : [null, null, null]),
      ...[budget?.name ?? null, { amount: budget?.used_rate ?? null, unit: 'rate' as const }],
      stopped_at ? words('incident_campaign_stopped') : status && words(`standing_${status}` as Word),
    ]),
  },
  {
    title: tellBoth('holdout'),
    head: [
      ...[words('effect_name'), tellBoth('kind'), words('effect_treated'), words('effect_held_out')],
      ...[words('effect_difference'), tellBoth('low'), tellBoth('high')],
      ...[words('effect_spend'), tellBoth('low'), tellBoth('high')],
      ...[words('effect_adjusted'), tellBoth('low'), tellBoth('high'), words('effect_verdict')],
    ],
    rows: body.effects.map((effect) => [
      ...[effect.name, words(`kind_${effect.kind}` as Word)],
      ...[effect.treated_rate, effect.held_out_rate].map((amount) => ({ amount, unit: 'rate' as const })),
      ...[effect.difference, effect.difference_low, effect.difference_high].map((amount) => ({
        ...{ amount, unit: 'rate' as const },
      })),
      ...[effect.spend_difference, effect.spend_low, effect.spend_high].map((amount) => ({
        ...{ amount, unit: 'money' as const },
      })),
      ...[effect.adjusted_difference, effect.adjusted_low, effect.adjusted_high].map((amount) => ({
        ...{ amount, unit: 'money' as const },
      })),
      words(`effect_${effect.verdict}` as Word),
    ]),
  },
];
export default campaigns;
