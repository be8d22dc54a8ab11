import { choices, f, resource } from '../definition.ts';

export default resource('job_runs', {
  label: ['任务运行记录', 'Job runs'],
  group: 'system',
  icon: 'schedule',
  title: 'job',
  offers: 'r',
  fields: {
    job: f.text({ label: ['任务', 'Job'], readonly: true, search: true }),
    as_of_on: f.date({ label: ['业务日期', 'As of'], readonly: true }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({ running: ['运行中', 'Running'], done: ['已完成', 'Done'], failed: ['失败', 'Failed'] }),
    }),
    started_at: f.datetime({ label: ['开始时间', 'Started at'], readonly: true }),
    finished_at: f.datetime({ label: ['结束时间', 'Finished at'], readonly: true }),
    rows_written: f.integer({ label: ['写入行数', 'Rows written'], readonly: true, sum: true }),
    error: f.longtext({ label: ['错误信息', 'Error'], readonly: true }),
    worker: f.text({ label: ['执行进程', 'Worker'], readonly: true }),
  },
  access: { operator: 'r', manager: 'r', analyst: 'r' },
  actions: {
    run_now: {
      label: ['立即运行', 'Run now'],
      handler: 'run_job',
      scope: 'resource',
      roles: ['administrator'],
      input: {
        job: f.choice({ label: ['任务', 'Job'], required: true, choices: {}, choices_from: 'jobs' }),
        as_of_on: f.date({
          label: ['业务日期', 'As of'],
          help: ['默认为今天。同一天可重复运行，结果不变。', 'Today where empty. A day can be run again without harm.'],
        }),
      },
    },
    catch_up: {
      label: ['补跑', 'Catch up'],
      handler: 'catch_up_job',
      scope: 'resource',
      roles: ['administrator'],
      confirm: [
        '依次运行近 35 天内漏跑的日期，从最近的一天开始。没有漏跑则不做任何事。',
        'Runs the days of the last 35 that were missed, the latest first. Does nothing where none was.',
      ],
      input: { job: f.choice({ label: ['任务', 'Job'], required: true, choices: {}, choices_from: 'jobs' }) },
    },
  },
  list: {
    columns: ['job', 'as_of_on', 'state', 'started_at', 'finished_at', 'rows_written', 'error'],
    // A job that finds no work runs again in the row of its last idle run.
    sort: '-started_at',
    scopes: { failed: { label: ['失败', 'Failed'], where: { state: { eq: 'failed' } }, home: 'bad' } },
    tones: { failed: { label: ['失败', 'Failed'], tone: 'bad', where: { state: { eq: 'failed' } } } },
  },
});
