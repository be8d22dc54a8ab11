import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['标签变动', 'Tags changed'],
  data: {
    add: f.tags({ label: ['要打上的标签', 'Tags to put on'] }),
    remove: f.tags({ label: ['要去掉的标签', 'Tags to take off'] }),
  },
} satisfies Topic;
