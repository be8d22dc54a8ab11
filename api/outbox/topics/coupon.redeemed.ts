import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['优惠券核销', 'Coupon redeemed'],
  data: {
    coupon: f.integer({ label: ['优惠券编号', 'Number of the coupon'] }),
    template: f.text({ label: ['优惠券模板编码', 'Code of its template'] }),
    status: f.text({ label: ['状态', 'Status'] }),
    code: f.text({ label: ['券码', 'Its code'] }),
  },
} satisfies Topic;
