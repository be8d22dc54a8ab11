import { LEFT } from '../automation-words.ts';
import { choices, f, resource, section } from '../definition.ts';

export default resource('automation_runs', {
  label: ['自动化进展', 'Journeys'],
  one: ['自动化进展', 'journey'],
  group: 'automation',
  order: 20,
  icon: 'right',
  view: 'base.automation_runs',
  title: 'number',
  // They begin by themselves.
  offers: 'rx',
  fields: {
    number: f.text({ label: ['编号', 'Journey no.'], readonly: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    automation_id: f.ref({ label: ['自动化', 'Automation'], to: 'automations', readonly: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      choices: choices({
        running: ['途中', 'Under way'],
        held_out: ['对照组', 'Held out'],
        finished: ['已走完', 'Finished'],
        exited: ['提前退出', 'Left early'],
      }),
    }),
    reason: f.choice({
      label: ['退出原因', 'Why they left'],
      readonly: true,
      choices: LEFT,
    }),
    step_name: f.text({ label: ['所在步骤', 'Step'], readonly: true }),
    step_name_en: f.text({ label: ['所在步骤（英文）', 'Step (English)'], readonly: true }),
    due_at: f.datetime({ label: ['下次推进', 'Goes on at'], readonly: true }),
    entered_at: f.datetime({ label: ['进入时间', 'Entered at'], readonly: true }),
    entered_on: f.date({ label: ['进入日期', 'Entered on'], readonly: true }),
    ended_at: f.datetime({ label: ['结束时间', 'Ended at'], readonly: true }),
    converted: f.boolean({ label: ['已转化', 'Converted'], readonly: true }),
    converted_at: f.datetime({ label: ['转化时间', 'Converted at'], readonly: true }),
    trigger_key: f.text({ label: ['触发依据', 'Brought in by'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['number', 'automation_id', 'customer_id', 'status', 'step_name', 'due_at', 'entered_at', 'converted'],
    sort: '-id',
    scopes: {
      running: { label: ['途中', 'Under way'], where: { status: { eq: 'running' } } },
      held_out: { label: ['对照组', 'Held out'], where: { status: { eq: 'held_out' } } },
      finished: { label: ['已走完', 'Finished'], where: { status: { eq: 'finished' } } },
      exited: { label: ['提前退出', 'Left early'], where: { status: { eq: 'exited' } } },
    },
    tones: {
      held_out: { label: ['对照组', 'Held out'], tone: 'quiet', where: { status: { eq: 'held_out' } } },
      converted: { label: ['已转化', 'Converted'], tone: 'good', where: { converted: { eq: true } } },
    },
  },
  form: [
    section(
      'journey',
      ['进展', 'Journey'],
      [
        ['automation_id', 'customer_id', 'status'],
        ['step_name', 'due_at', 'reason'],
        ['entered_at', 'ended_at', 'trigger_key'],
        ['converted', 'converted_at'],
      ],
    ),
  ],
  children: [{ resource: 'automation_steps', field: 'run_id' }],
});
