import { OUTCOMES, STEP_KINDS, STEP_REASONS } from '../automation-words.ts';
import { choices, f, resource } from '../definition.ts';

export default resource('automation_steps', {
  label: ['自动化步骤记录', 'Steps of journeys'],
  one: ['步骤记录', 'step'],
  group: 'automation',
  order: 30,
  icon: 'list',
  view: 'base.automation_steps',
  title: 'step_name',
  offers: 'rx',
  hidden: true,
  fields: {
    step_name: f.text({ label: ['步骤', 'Step'], readonly: true }),
    step_name_en: f.text({ label: ['步骤（英文）', 'Step (English)'], readonly: true }),
    step_code: f.text({ label: ['步骤编码', 'Step code'], readonly: true, search: true }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      readonly: true,
      choices: choices({
        entry: ['进入', 'Entry'],
        ...STEP_KINDS,
        end: ['结束', 'End'],
      }),
    }),
    outcome: f.choice({
      label: ['结果', 'Outcome'],
      readonly: true,
      choices: OUTCOMES,
    }),
    reason: f.choice({ label: ['原因', 'Reason'], readonly: true, choices: STEP_REASONS }),
    until_at: f.datetime({ label: ['等到', 'Until'], readonly: true }),
    done_at: f.datetime({ label: ['时间', 'At'], readonly: true }),
    done_on: f.date({ label: ['日期', 'On'], readonly: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    run_id: f.ref({ label: ['进展', 'Journey'], to: 'automation_runs', readonly: true }),
    automation_id: f.ref({ label: ['自动化', 'Automation'], to: 'automations', readonly: true }),
    made_id: f.integer({ label: ['产生的记录', 'What came of it'], plain: true, readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['step_name', 'kind', 'outcome', 'reason', 'until_at', 'done_at', 'customer_id'],
    sort: '-id',
    scopes: { refused: { label: ['未执行', 'Not done'], where: { outcome: { eq: 'refused' } } } },
    tones: {
      refused: { label: ['未执行', 'Not done'], tone: 'warning', where: { outcome: { eq: 'refused' } } },
      done: { label: ['已完成', 'Done'], tone: 'good', where: { outcome: { eq: 'done' } } },
    },
  },
});
