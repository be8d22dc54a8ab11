import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['积分变动', 'Points moved'],
  data: {
    kind: f.text({ label: ['流水类型', 'Kind of the entry'] }),
    points: f.integer({ label: ['积分数', 'Points'] }),
    from_state: f.text({ label: ['原状态', 'State before'] }),
    to_state: f.text({ label: ['新状态', 'State now'] }),
    correction: f.boolean({ label: ['更正以往的流水', 'Puts an earlier entry right'] }),
  },
} satisfies Topic;
