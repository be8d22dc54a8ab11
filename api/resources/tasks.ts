import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

/** A condition that asks something only of some tasks: it holds where the first part does not. */
const where = (applies: Predicate, asked: Predicate): Predicate => ({ or: [{ not: applies }, asked] });
const BY_EVENT: Predicate = { trigger: { eq: 'event' } };
/** Goals that count one kind of activity, and those that look at the amount of an order. */
const OF_ACTIVITY: Predicate = { goal: { in: ['events', 'days', 'streak_days', 'streak_weeks'] } };
const OF_ORDERS: Predicate = { goal: { in: ['orders', 'spend', 'shares_sold'] } };
const BY_SEGMENT: Predicate = { trigger: { eq: 'segment_entry' } };

export default resource('tasks', {
  label: ['任务', 'Tasks'],
  one: ['任务', 'task'],
  group: 'programme',
  order: 44,
  icon: 'flag',
  title: ['name', 'name_en'],
  guard: 'guard_tasks',
  impact: true,
  fields: {
    code: f.code({ search: true }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 80, search: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'draft',
      choices: choices({
        draft: ['草稿', 'Draft'],
        active: ['进行中', 'Active'],
        paused: ['暂停', 'Paused'],
        retired: ['已停用', 'Retired'],
      }),
      help: [
        '暂停或停用后不再有新客户开始；已开始的按开始时的规则继续',
        'Nobody begins any more; whoever has begun goes on by the rules of then',
      ],
    }),
    visible: f.boolean({
      label: ['向客户展示', 'Shown to customers'],
      default: true,
      help: ['商城查询任务时是否返回', 'Whether shops are told of it'],
    }),
    trigger: f.choice({
      label: ['开始时机', 'Begins'],
      required: true,
      default: 'first_order',
      choices: choices({
        always: ['一直开放', 'Always open'],
        enrolment: ['入会', 'On enrolment'],
        first_order: ['首单', 'With the first order'],
        segment_entry: ['进入客群', 'On entering a segment'],
        event: ['互动行为', 'With an activity'],
      }),
      help: ['触发的那一笔订单或行为本身不计入进度', 'The order or activity that sets it off does not count itself'],
    }),
    trigger_event: f.choice({
      label: ['哪种行为', 'Which activity'],
      showWhen: BY_EVENT,
      requiredWhen: BY_EVENT,
      whenHidden: 'clear',
      choices: choices({
        check_in: ['签到', 'Check-in'],
        share: ['分享', 'Share'],
        review: ['评价', 'Review'],
        task_action: ['任务动作', 'Task action'],
      }),
    }),
    trigger_segments: f.refs({
      label: ['进入哪些客群', 'Segments entered'],
      to: 'segments',
      options: { in_force: { eq: true } },
      showWhen: BY_SEGMENT,
      requiredWhen: BY_SEGMENT,
      whenHidden: 'clear',
      max: 50,
    }),
    limit_hours: f.integer({
      label: ['限时（小时）', 'Time limit, hours'],
      min: 1,
      max: 87_600,
      help: ['自开始时起算，72 为三天；留空为不限时', 'From its beginning, 72 is three days; none when left empty'],
    }),
    tiers: f.refs({ label: ['会员等级', 'Tiers'], to: 'tiers', options: { status: { eq: 'active' } }, max: 50 }),
    segments: f.refs({
      label: ['客群', 'Segments'],
      to: 'segments',
      options: { in_force: { eq: true } },
      max: 50,
      help: [
        '开始时属于任一等级或客群即可参加；都不选则人人可参加',
        'Any of the tiers or segments at the beginning is enough; everybody when none is chosen',
      ],
    }),
    customer_condition: f.predicate({
      label: ['其他条件', 'Further condition'],
      context: 'segment_customer',
      help: [
        '开始当日还须满足；一直开放的任务在客户下次有订单或行为时按当日情况判断，开始后不再重新判断',
        'Asked on the day it begins; of a task that is always open on the day of the customer’s next order or activity, and never again once begun',
      ],
    }),
    starts_at: f.datetime({ label: ['开始时间', 'Starts at'] }),
    ends_at: f.datetime({
      label: ['结束时间', 'Ends at'],
      help: ['之后的行为不再计入', 'What is done later does not count'],
    }),
    repeats: f.choice({
      label: ['重复', 'Repeats'],
      required: true,
      default: 'once',
      choices: choices({ once: ['每人一次', 'Once for each'], period: ['每个周期一次', 'Once in each period'] }),
    }),
    repeat_period: f.choice({
      label: ['周期', 'Period'],
      showWhen: { repeats: { eq: 'period' } },
      requiredWhen: { repeats: { eq: 'period' } },
      whenHidden: 'clear',
      choices: choices({
        day: ['每天', 'Day'],
        week: ['每周', 'Week'],
        month: ['每月', 'Month'],
        quarter: ['每季度', 'Quarter'],
        year: ['每年', 'Year'],
      }),
    }),
    step_order: f.choice({
      label: ['步骤顺序', 'Order of steps'],
      required: true,
      default: 'any',
      choices: choices({ any: ['不分先后', 'Any'], in_order: ['逐级完成', 'One after the other'] }),
      help: ['逐级完成时，后一步从前一步完成时起计', 'One after the other: each begins when the one before is done'],
    }),
    take_back: f.boolean({
      label: ['退货后收回', 'Taken back on refund'],
      default: true,
      help: [
        '退货的订单不再计入，尚未使用的奖励一并收回',
        'Orders that come back no longer count, and rewards not used yet are taken back',
      ],
    }),
    budget_id: f.ref({
      label: ['积分计入预算', 'Points charged to'],
      to: 'budgets',
      help: [
        '预算没有余额时不发积分；优惠券按其模板的预算',
        'No points when it has no room; coupons are charged as their template says',
      ],
    }),
    cost_kind: f.costKind({ required: true, default: 'promotion' }),
    steps: f.rows({
      label: ['步骤与奖励', 'Steps and rewards'],
      table: 'app.task_steps',
      by: 'task_id',
      max: 20,
      fields: {
        name: f.text({ label: ['步骤', 'Step'], required: true, max: 60 }),
        name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 80 }),
        goal: f.choice({
          label: ['目标', 'Goal'],
          required: true,
          choices: choices({
            orders: ['订单数', 'Orders'],
            spend: ['消费金额', 'Spend'],
            events: ['互动次数', 'Activities'],
            days: ['互动天数', 'Days with an activity'],
            streak_days: ['连续天数', 'Days in a row'],
            streak_weeks: ['连续周数', 'Weeks in a row'],
            reviews: ['评价商品', 'Goods reviewed'],
            shares_sold: ['分享成交', 'Shares that sell'],
            friends: ['好友注册', 'Friends who enrol'],
            actions: ['任务动作', 'Task actions'],
          }),
        }),
        event_kind: f.choice({
          label: ['行为', 'Activity'],
          required: true,
          showWhen: OF_ACTIVITY,
          whenHidden: 'clear',
          choices: choices({
            check_in: ['签到', 'Check-in'],
            share: ['分享', 'Share'],
            review: ['评价', 'Review'],
            task_action: ['任务动作', 'Task action'],
          }),
        }),
        target: f.decimal({ label: ['达到', 'Target'], required: true, scale: 2, min: '0.01', max: '1000000000' }),
        min_amount: f.money({
          label: ['每单至少', 'Each order at least'],
          min: '0.01',
          showWhen: OF_ORDERS,
          whenHidden: 'clear',
          help: ['只计不低于此金额的订单', 'Only orders of this much count'],
        }),
        within_hours: f.integer({
          label: ['限时（小时）', 'Within hours'],
          min: 1,
          max: 87_600,
          help: ['留空则按任务的限时', 'As the task says when left empty'],
        }),
        times: f.integer({
          label: ['奖励次数', 'Times'],
          min: 1,
          max: 10_000,
          default: 1,
          help: ['每达到一次目标奖励一次，留空为不限次数', 'Each time the target is reached; no end when left empty'],
        }),
        coupon_template_id: f.ref({
          label: ['奖励优惠券', 'Coupon'],
          to: 'coupon_templates',
          options: { status: { eq: 'active' } },
        }),
        points: f.points({ label: ['奖励积分', 'Points'], min: 1, max: 1_000_000 }),
        package_id: f.ref({
          label: ['奖励权益包', 'Package'],
          to: 'benefit_packages',
          options: { status: { eq: 'active' } },
          help: ['已发放的权益包不收回', 'A package that was granted is not taken back'],
        }),
        title_id: f.ref({ label: ['授予头衔', 'Title'], to: 'titles', options: { status: { eq: 'active' } } }),
      },
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
  },
  rules: [
    {
      name: 'ends_after_starts',
      when: where(
        { starts_at: { notNull: true }, ends_at: { notNull: true } },
        { ends_at: { gt: { $field: 'starts_at' } } },
      ),
      field: 'ends_at',
      message: ['结束时间须晚于开始时间', 'It must end after it starts'],
    },
  ],
  access: { operator: 'crudix', manager: 'rux', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['name', 'trigger', 'repeats', 'limit_hours', 'tiers', 'segments', 'visible', 'ends_at', 'status'],
    sort: 'id',
    scopes: {
      active: { label: ['进行中', 'Active'], where: { status: { eq: 'active' } } },
      drafts: { label: ['草稿', 'Drafts'], where: { status: { eq: 'draft' } } },
    },
    tones: {
      over: { label: ['未启用', 'Not active'], tone: 'quiet', where: { status: { in: ['paused', 'retired'] } } },
    },
  },
  form: [
    section('basics', ['基本信息', 'Basics'], [['name', 'name_en'], ['code', 'status', 'visible'], 'description']),
    section(
      'begins',
      ['何时开始', 'When it begins'],
      [
        ['trigger', 'trigger_event', 'trigger_segments'],
        ['limit_hours', 'repeats', 'repeat_period'],
        ['starts_at', 'ends_at'],
      ],
    ),
    section('who', ['适用对象', 'Who'], [['tiers', 'segments'], 'customer_condition']),
    section('steps', ['步骤与奖励', 'Steps and rewards'], [['step_order', 'take_back'], 'steps']),
    section('cost', ['成本', 'Cost'], [['budget_id', 'cost_kind']]),
  ],
  children: [{ resource: 'task_progress', field: 'task_id' }],
});
