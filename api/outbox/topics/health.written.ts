import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['健康日报已生成', 'Daily health report written'],
  about: 'programme',
  data: {
    reported_on: f.date({ label: ['报告日期', 'Day'] }),
    number: f.integer({ label: ['第几版', 'Number'] }),
    sha256: f.text({ label: ['内容指纹', 'Fingerprint'] }),
    wants_attention: f.boolean({ label: ['有需要关注的事项', 'Something wants attention'] }),
    report: f.json({ label: ['报告内容', 'The report'] }),
  },
} satisfies Topic;
