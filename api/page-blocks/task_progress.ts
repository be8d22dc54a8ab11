/** A task: to everybody what its steps give, to a visitor who is known how far they are. */
import { sql } from 'kysely';
import { blockKind } from '../campaign-pages/block-kind.ts';
import { heading, intro } from '../campaign-pages/fields.ts';
import { html } from '../campaign-pages/html.ts';
import type { Pair } from '../contract.ts';
import { f } from '../definition.ts';

interface Step {
  name: string;
  name_en: string;
  target: string | number;
  points: number | null;
  coupon: Pair | null;
}
interface Task {
  code: string;
  name: string;
  name_en: string;
  steps: Step[];
}
interface Progress {
  task: string;
  state: string;
  steps: {
    name: string;
    name_en: string;
    count: number;
    target: number;
    times: number | null;
    times_reached: number;
  }[];
}

export default blockKind<Task | null, Progress | null>({
  label: ['任务进度', 'Task progress'],
  order: 20,
  fields: {
    ...heading(),
    ...intro(),
    task_id: f.ref({
      label: ['任务', 'Task'],
      to: 'tasks',
      options: { status: { eq: 'active' }, visible: { eq: true } },
      required: true,
    }),
  },
  parts: () => ({ progress: ['进度条', 'Progress'], sign_in: ['查看进度提示', 'How to see it'] }),
  facts: async (db, { task_id }) => {
    const task = await db
      .selectFrom('app.tasks')
      .select(['code', 'name', 'name_en'])
      .where('id', '=', Number(task_id ?? 0))
      .where('status', '=', 'active')
      .where('visible', '=', true)
      .executeTakeFirst();
    if (!task) return null;
    const steps = await db
      .selectFrom('app.task_steps as steps')
      .leftJoin('app.coupon_templates as coupons', 'coupons.id', 'steps.coupon_template_id')
      .select(['steps.name', 'steps.name_en', 'steps.target', 'steps.points'])
      .select(['coupons.name as coupon_name', 'coupons.name_en as coupon_name_en'])
      .where('steps.task_id', '=', Number(task_id))
      .orderBy('steps.position')
      .orderBy('steps.id')
      .execute();
    return {
      ...task,
      steps: steps.map(({ coupon_name, coupon_name_en, ...step }) => ({
        ...step,
        coupon: coupon_name === null ? null : [coupon_name, coupon_name_en ?? coupon_name],
      })),
    };
  },
  own: async (db, { task_id }, customer_id) => {
    const { rows } = await sql<{ code: string; tasks: Progress[] }>`
      select tasks.code, ops.customer_tasks(${customer_id}::bigint, clock_timestamp()) as tasks
      from app.tasks
      where tasks.id = ${Number(task_id ?? 0)}::bigint
    `.execute(db);
    return rows[0]?.tasks.find((each) => each.task === rows[0]?.code) ?? null;
  },
  render: ({ facts, own, form, lang, say, tell, hm, count, heading: head }) => {
    const name = (of: { name: string; name_en: string }) => (lang === 'en' ? of.name_en : of.name);
    const title = say('title') || (facts ? name(facts) : '');
    const reward = ({ points, coupon }: Step) =>
      [points ? tell([`${points} 积分`, `${count(points)} points`]) : '', coupon ? tell(coupon) : '']
        .filter(Boolean)
        .join(' + ');
    const steps = facts?.steps ?? [];
    return html`${title && head(title)}
${say('text') && html`<p>${say('text')}</p>`}
${
  steps.length > 0 &&
  html`<ol class="steps"${hm('progress')}>${steps.map((step, at) => {
    const reached = own?.steps[at];
    const target = Number(step.target);
    const done = reached ? reached.times_reached > 0 && (reached.times ?? 1) <= reached.times_reached : false;
    const got = done ? target : Math.min(reached?.count ?? 0, target);
    return html`<li${done && html` class="done"`}><span class="step-name">${name(step)}</span>${
      reward(step) && html`<span class="small">${reward(step)}</span>`
    }${
      form &&
      html`<progress value="${got}" max="${target}" aria-label="${name(step)}">${got}/${target}</progress><span class="small">${
        done ? tell(['已完成', 'Done']) : `${count(got)} / ${count(target)}`
      }</span>`
    }</li>`;
  })}</ol>`
}
${
  !form &&
  html`<p class="hint"${hm('sign_in')}>${tell(['从会员消息或会员中心打开本页，即可看到您的进度。', 'Open this page from a message to members, or from your account, to see how far you are.'])}</p>`
}`;
  },
});
