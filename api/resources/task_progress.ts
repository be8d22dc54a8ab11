import { choices, f, resource, section } from '../definition.ts';

export default resource('task_progress', {
  label: ['任务进度', 'Task progress'],
  one: ['任务进度', 'progress'],
  group: 'points',
  order: 42,
  icon: 'flag',
  view: 'base.task_progress',
  title: ['title', 'title_en'],
  // It follows from what customers do.
  offers: 'rx',
  fields: {
    title: f.text({ label: ['任务与周期', 'Task and period'], readonly: true, search: true }),
    title_en: f.text({ label: ['任务与周期（英文）', 'Task and period (English)'], readonly: true, search: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    task_id: f.ref({ label: ['任务', 'Task'], to: 'tasks', readonly: true }),
    period_on: f.date({
      label: ['周期首日', 'Period from'],
      readonly: true,
      help: ['只有按周期重复的任务才有', 'Only of tasks that are there once in each period'],
    }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        running: ['进行中', 'Running'],
        done: ['已完成', 'Done'],
        lapsed: ['已逾期', 'Lapsed'],
        taken_back: ['已收回', 'Taken back'],
      }),
    }),
    started_at: f.datetime({ label: ['开始时间', 'Began at'], readonly: true }),
    until_at: f.datetime({ label: ['截止时间', 'Until'], readonly: true }),
    steps_done: f.integer({ label: ['已完成步骤', 'Steps done'], readonly: true }),
    step_count: f.integer({ label: ['步骤数', 'Steps'], readonly: true }),
    share_done: f.rate({ label: ['完成度', 'Done'], readonly: true }),
    done_at: f.datetime({ label: ['完成时间', 'Done at'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'task_id', 'period_on', 'state', 'share_done', 'started_at', 'until_at', 'done_at'],
    sort: '-id',
    scopes: {
      running: { label: ['进行中', 'Running'], where: { state: { eq: 'running' } } },
      done: { label: ['已完成', 'Done'], where: { state: { eq: 'done' } } },
      lapsed: { label: ['已逾期', 'Lapsed'], where: { state: { eq: 'lapsed' } } },
      taken_back: { label: ['已收回', 'Taken back'], where: { state: { eq: 'taken_back' } } },
    },
    tones: {
      done: { label: ['已完成', 'Done'], tone: 'good', where: { state: { eq: 'done' } } },
      over: { label: ['已结束', 'Over'], tone: 'quiet', where: { state: { in: ['lapsed', 'taken_back'] } } },
    },
  },
  form: [
    section(
      'progress',
      ['进度', 'Progress'],
      [
        ['customer_id', 'task_id', 'period_on'],
        ['state', 'steps_done', 'step_count', 'share_done'],
        ['started_at', 'until_at', 'done_at'],
      ],
    ),
  ],
  children: [
    { resource: 'task_completions', field: 'progress_id' },
    { resource: 'task_grants', field: 'progress_id' },
  ],
});
