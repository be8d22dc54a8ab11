import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['等级变动', 'Tier changed'],
  data: {
    reason: f.text({ label: ['原因', 'Reason'] }),
    from_tier: f.text({ label: ['原等级编码，没有时为空', 'Code of the tier before, null where there was none'] }),
    to_tier: f.text({ label: ['新等级编码，没有时为空', 'Code of the tier now, null where there is none'] }),
  },
} satisfies Topic;
