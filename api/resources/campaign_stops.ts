import { choices, f, resource, section } from '../definition.ts';

export default resource('campaign_stops', {
  label: ['活动停止记录', 'Stops of campaigns'],
  one: ['停止记录', 'stop'],
  group: 'budgets',
  order: 40,
  icon: 'warning',
  view: 'base.campaign_stops',
  title: ['lines', 'lines_en'],
  // The engine writes them.
  offers: 'rx',
  fields: {
    campaign_id: f.ref({ label: ['活动', 'Campaign'], to: 'campaigns', readonly: true }),
    reason: f.choice({
      label: ['原因', 'Reason'],
      readonly: true,
      choices: choices({ budget_exhausted: ['预算已用完', 'The budget is used up'] }),
    }),
    budget_id: f.ref({ label: ['预算', 'Budget'], to: 'budgets', readonly: true }),
    segment_id: f.ref({ label: ['客群', 'Segment'], to: 'segments', readonly: true }),
    cost_kind: f.costKind({
      readonly: true,
    }),
    lines: f.text({ label: ['余额不足的项目', 'Lines without room'], readonly: true }),
    lines_en: f.text({ label: ['余额不足的项目（英文）', 'Lines without room (English)'], readonly: true }),
    stopped_at: f.datetime({ label: ['停止时间', 'Stopped at'], readonly: true }),
    resumed_at: f.datetime({ label: ['恢复时间', 'Went on at'], readonly: true }),
    resumed_by: f.ref({ label: ['恢复人', 'By'], to: 'users', readonly: true }),
  },
  access: { operator: 'rx', manager: 'rx', reviewer: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: [
      'campaign_id',
      'reason',
      'budget_id',
      'segment_id',
      'cost_kind',
      'stopped_at',
      'resumed_at',
      'resumed_by',
    ],
    sort: '-stopped_at',
    scopes: { open: { label: ['尚未恢复', 'Not going on yet'], where: { resumed_at: { null: true } } } },
  },
  form: [
    section(
      'stop',
      ['停止', 'Stop'],
      [
        ['campaign_id', 'reason'],
        ['budget_id', 'segment_id', 'cost_kind'],
        ['stopped_at', 'resumed_at', 'resumed_by'],
      ],
    ),
  ],
});
