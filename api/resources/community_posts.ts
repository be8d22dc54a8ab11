import { f, resource } from '../definition.ts';
import { REASONS } from '../outbox/channels.ts';

export default resource('community_posts', {
  label: ['社群发布', 'Posts in communities'],
  one: ['社群发布', 'post'],
  group: 'automation',
  order: 70,
  icon: 'message',
  view: 'base.community_posts',
  title: 'title',
  // Made by the calendar and by automations.
  offers: 'rx',
  hidden: true,
  fields: {
    title: f.text({ label: ['内容', 'What'], readonly: true, search: true }),
    community_id: f.ref({ label: ['社群', 'Community'], to: 'communities', readonly: true }),
    owner_id: f.ref({ label: ['社群管理员', 'Administrator'], to: 'users', readonly: true }),
    template_id: f.ref({ label: ['消息模板', 'Template'], to: 'message_templates', readonly: true }),
    posted_at: f.datetime({ label: ['发布时间', 'Posted at'], readonly: true }),
    posted_on: f.date({ label: ['发布日期', 'Posted on'], readonly: true }),
    refusal: f.choice({ label: ['未发布原因', 'Why not'], readonly: true, choices: REASONS }),
    source: f.text({ label: ['来源', 'Source'], readonly: true }),
    external_id: f.text({ label: ['单号', 'No.'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: { columns: ['title', 'community_id', 'posted_at', 'refusal', 'source'], sort: '-id' },
});
