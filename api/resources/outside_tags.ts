import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const of = (kind: string): Predicate => ({ kind: { eq: kind } });

export default resource('outside_tags', {
  label: ['外部标签', 'Outside tags'],
  one: ['外部标签', 'outside tag'],
  group: 'messages',
  order: 45,
  icon: 'tags',
  title: 'tag',
  fields: {
    kind: f.choice({
      label: ['对应', 'Stands for'],
      required: true,
      default: 'tier',
      choices: choices({
        tier: ['等级', 'A tier'],
        segment: ['客群', 'A segment'],
        title: ['头衔或徽章', 'A title or badge'],
        referrer: ['推荐人', 'Referrers'],
        referred: ['被推荐人', 'Who was referred'],
      }),
    }),
    tier_id: f.ref({
      label: ['等级', 'Tier'],
      to: 'tiers',
      showWhen: of('tier'),
      requiredWhen: of('tier'),
      whenHidden: 'clear',
    }),
    segment_id: f.ref({
      label: ['客群', 'Segment'],
      to: 'segments',
      showWhen: of('segment'),
      requiredWhen: of('segment'),
      whenHidden: 'clear',
    }),
    title_id: f.ref({
      label: ['头衔或徽章', 'Title or badge'],
      to: 'titles',
      showWhen: of('title'),
      requiredWhen: of('title'),
      whenHidden: 'clear',
    }),
    tag: f.text({
      label: ['外部系统中的标签', 'Tag over there'],
      required: true,
      max: 60,
      search: true,
      help: [
        '如企业微信的客户标签；每小时把增减发给订阅了“标签变动”的 Webhook',
        'A customer tag of WeCom, say. What is put on and taken off goes to webhooks that ask for “Tags changed”, every hour',
      ],
    }),
  },
  access: { operator: 'crudix', manager: 'rx', reviewer: 'r', analyst: 'r', viewer: 'r' },
  list: { columns: ['tag', 'kind', 'tier_id', 'segment_id', 'title_id'], sort: 'tag' },
  form: [section('basics', ['标签', 'Tag'], [['kind', 'tier_id', 'segment_id', 'title_id'], 'tag'])],
});
