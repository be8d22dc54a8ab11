import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['优惠券发放', 'Coupon issued'],
  data: {
    coupon: f.integer({ label: ['优惠券编号', 'Number of the coupon'] }),
    template: f.text({ label: ['优惠券模板编码', 'Code of its template'] }),
    status: f.text({ label: ['状态', 'Status'] }),
    code: f.text({ label: ['券码，尚无时为空', 'Its code, null while it has none'] }),
    valid_until: f.datetime({ label: ['有效至', 'Valid until'] }),
  },
} satisfies Topic;
