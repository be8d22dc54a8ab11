import { f } from '../../definition.ts';
import type { Topic } from '../topics.ts';

export default {
  label: ['提醒发生或恢复', 'An alert or its recovery'],
  about: 'programme',
  data: {
    change_id: f.integer({ label: ['编号', 'Number'] }),
    alert_id: f.integer({ label: ['提醒编号', 'Number of the alert'] }),
    happened_at: f.datetime({ label: ['发生时间', 'At'] }),
    notice: f.text({ label: ['通知', 'What is told'] }),
    state: f.text({ label: ['状态', 'State'] }),
    name: f.json({ label: ['名称（中、英）', 'Name, Chinese and English'] }),
    subject: f.json({ label: ['哪个系列（中、英）', 'Of which series, Chinese and English'] }),
    report: f.text({ label: ['报表', 'Report'] }),
    metric: f.text({ label: ['指标编码', 'Metric code'] }),
    area: f.text({ label: ['分类', 'Area'] }),
    unit: f.text({ label: ['单位', 'Unit'] }),
    owner: f.text({ label: ['责任方', 'Owner'] }),
    bucket_on: f.date({ label: ['周期', 'Period'] }),
    value: f.text({ label: ['数值', 'Value'] }),
    threshold: f.text({ label: ['阈值', 'Threshold'] }),
    note: f.text({ label: ['说明', 'Note'] }),
  },
} satisfies Topic;
