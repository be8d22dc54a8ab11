import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['头衔授予', 'Title granted'],
  data: {
    title: f.text({ label: ['头衔编码', 'Code of the title'] }),
    kind: f.text({ label: ['头衔或徽章', 'A title or a badge'] }),
    valid_until: f.datetime({ label: ['有效至，长期有效为空', 'Holds until, null for good'] }),
  },
} satisfies Topic;
