import { choices, f, resource, section } from '../definition.ts';

export default resource('segment_rule_set_versions', {
  label: ['客群规则版本', 'Rule set versions'],
  one: ['客群规则版本', 'rule set version'],
  group: 'segments',
  order: 20,
  icon: 'branches',
  view: 'base.segment_rule_set_versions',
  title: ['title', 'title_en'],
  // Drafts come from "new version" of a rule set or of another version, so that they are numbered and start from something.
  offers: 'rud',
  guard: 'guard_segment_rule_set_versions',
  impact: true,
  fields: {
    title: f.text({ label: ['版本', 'Version'], readonly: true }),
    title_en: f.text({ label: ['版本（英文）', 'Version (English)'], readonly: true }),
    rule_set_id: f.ref({ label: ['规则集', 'Rule set'], to: 'segment_rule_sets', readonly: true }),
    number: f.integer({ label: ['版本号', 'Number'], readonly: true }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        draft: ['草稿', 'Draft'],
        published: ['已发布', 'Published'],
        retired: ['已作废', 'Retired'],
      }),
    }),
    in_force: f.boolean({ label: ['当前生效', 'In force'], readonly: true }),
    effective_from: f.date({
      label: ['生效日期', 'Effective from'],
      help: [
        '发布时可再调整；预览也按这一天计算',
        'Can still be changed when publishing; the preview is as of this day',
      ],
    }),
    effective_to: f.date({
      label: ['失效日期', 'Effective to'],
      readonly: true,
      help: ['由后一版本的生效日期决定', 'Follows from the next version'],
    }),
    rules: f.items({
      label: ['规则', 'Rules'],
      help: [
        '自上而下匹配，命中第一条即停止；都不满足的客户归入“其他”',
        'Checked from the top, the first that fits wins; customers that fit none are in "Other"',
      ],
      max: 30,
      default: [],
      fields: {
        code: f.text({
          label: ['客群编码', 'Segment code'],
          required: true,
          max: 40,
          pattern: '^[a-z][a-z0-9_]*$',
        }),
        name: f.text({ label: ['客群名称', 'Segment name'], required: true, max: 40 }),
        name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 40 }),
        condition: f.predicate({ label: ['条件', 'Condition'], required: true, context: 'segment_customer' }),
      },
    }),
    note: f.text({ label: ['版本说明', 'Note'], max: 200 }),
    created_by: f.ref({ label: ['创建人', 'Created by'], to: 'users', readonly: true }),
    published_by: f.ref({ label: ['发布人', 'Published by'], to: 'users', readonly: true }),
    published_at: f.datetime({ label: ['发布时间', 'Published at'], readonly: true }),
  },
  access: { operator: 'rud', manager: 'r', reviewer: 'r', customer_service: 'r', analyst: 'r', viewer: 'r' },
  list: {
    columns: ['title', 'state', 'in_force', 'effective_from', 'effective_to', 'note', 'published_at'],
    sort: '-id',
    scopes: {
      in_force: { label: ['当前生效', 'In force'], where: { in_force: { eq: true } } },
      drafts: { label: ['草稿', 'Drafts'], where: { state: { eq: 'draft' } } },
    },
  },
  form: [
    section('rules', ['规则', 'Rules'], ['rules']),
    section('validity', ['生效', 'Validity'], [['effective_from', 'effective_to'], 'note']),
    section(
      'record',
      ['版本信息', 'Record'],
      [
        ['rule_set_id', 'number', 'state', 'in_force'],
        ['created_by', 'published_by', 'published_at'],
      ],
    ),
  ],
  actions: {
    publish: {
      label: ['发布', 'Publish'],
      procedure: 'publish_segment_rule_set_version',
      scope: 'record',
      roles: ['operator'],
      allow: { state: { eq: 'draft' } },
      confirm: [
        '发布后规则不可再修改，前一版本在生效日期当天结束。确定发布吗？',
        'Once published the rules are fixed, and the version before ends on the day this one begins. Publish it?',
      ],
      input: {
        effective_from: f.date({
          label: ['生效日期', 'Effective from'],
          help: ['留空则用版本上的日期，没有则为今天', 'The date of the version when left empty, else today'],
        }),
        allow_past: f.boolean({
          label: ['允许改写历史', 'History may change'],
          default: false,
          help: [
            '生效日期早于今天时，已算出的客群会按新规则重算',
            'With a past date, days computed before follow the new rules',
          ],
        }),
      },
    },
    new_version: {
      label: ['基于此版本新建', 'New version from this'],
      procedure: 'copy_segment_rule_set_version',
      scope: 'record',
      roles: ['operator'],
      input: { note: f.text({ label: ['版本说明', 'Note'], max: 200 }) },
    },
  },
});
