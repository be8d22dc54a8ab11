import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['消息状态', 'Message sent or not'],
  data: {
    message: f.integer({ label: ['消息编号', 'Number of the message'] }),
    channel: f.text({ label: ['渠道', 'Channel'] }),
    template: f.text({ label: ['消息模板编码', 'Code of its template'] }),
    state: f.text({ label: ['状态', 'State'] }),
    reason: f.text({ label: ['未发出的原因', 'Why it did not go out'] }),
  },
} satisfies Topic;
