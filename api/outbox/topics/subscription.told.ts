import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['订阅内容（发往选择此 Webhook 的订阅）', 'What subscriptions tell that chose this webhook'],
  about: 'programme',
  data: {
    subscription_id: f.integer({ label: ['订阅编号', 'Number of the subscription'] }),
    title: f.json({ label: ['名称（中、英）', 'Name, Chinese and English'] }),
    digest: f.boolean({ label: ['是汇总', 'A digest'] }),
    notices: f.json({ label: ['提醒', 'Notices'] }),
    metrics: f.json({ label: ['各指标的现状与走势', 'How each figure stands, and its course'] }),
    table: f.json({ label: ['报表的行', 'Rows of the report'] }),
    currency: f.text({ label: ['币种', 'Currency'] }),
    address: f.text({ label: ['页面地址', 'Address of the page'] }),
  },
} satisfies Topic;
