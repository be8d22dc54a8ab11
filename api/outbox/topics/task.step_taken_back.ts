import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['任务步骤收回', 'Step of a task taken back'],
  data: {
    task: f.text({ label: ['任务编码', 'Code of the task'] }),
    step: f.integer({ label: ['步骤编号', 'Number of the step'] }),
    occurrence: f.text({
      label: ['周期首日，不重复的任务为 once', 'First day of its period, once where it does not repeat'],
    }),
    turn: f.integer({ label: ['第几次', 'Which time'] }),
    round: f.integer({ label: ['第几轮（收回后再达成加一）', 'Round, one more each time it is reached again'] }),
  },
} satisfies Topic;
