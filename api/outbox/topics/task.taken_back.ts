import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['任务收回', 'Task taken back'],
  data: {
    task: f.text({ label: ['任务编码', 'Code of the task'] }),
    occurrence: f.text({
      label: ['周期首日，不重复的任务为 once', 'First day of its period, once where it does not repeat'],
    }),
    steps_done: f.integer({ label: ['已完成步骤', 'Steps done'] }),
    step_count: f.integer({ label: ['步骤数', 'Steps'] }),
  },
} satisfies Topic;
