import { choices, f, resource } from '../definition.ts';

export default resource('task_completions', {
  label: ['步骤达成', 'Steps reached'],
  one: ['步骤达成', 'step reached'],
  group: 'points',
  icon: 'check',
  view: 'base.task_completions',
  title: ['step_name', 'step_name_en'],
  hidden: true,
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    task_id: f.ref({ label: ['任务', 'Task'], to: 'tasks', readonly: true }),
    progress_id: f.ref({ label: ['任务进度', 'Progress'], to: 'task_progress', readonly: true }),
    step_name: f.text({ label: ['步骤', 'Step'], readonly: true }),
    step_name_en: f.text({ label: ['步骤（英文）', 'Step (English)'], readonly: true }),
    turn: f.integer({ label: ['第几次', 'Time'], readonly: true }),
    completed_at: f.datetime({ label: ['达成时间', 'Reached at'], readonly: true }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({ done: ['已达成', 'Reached'], taken_back: ['已收回', 'Taken back'] }),
    }),
    taken_at: f.datetime({ label: ['收回时间', 'Taken back at'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'task_id', 'step_name', 'turn', 'completed_at', 'state', 'taken_at'],
    sort: '-id',
    scopes: {
      done: { label: ['已达成', 'Reached'], where: { state: { eq: 'done' } } },
      taken_back: { label: ['已收回', 'Taken back'], where: { state: { eq: 'taken_back' } } },
    },
    tones: { over: { label: ['已收回', 'Taken back'], tone: 'quiet', where: { state: { eq: 'taken_back' } } } },
  },
});
