import { choices, f, resource, section } from '../definition.ts';
import { metricChoices } from '../report/metric-choices.ts';

export default resource('metric_events', {
  label: ['日历事件', 'Calendar events'],
  one: ['日历事件', 'event'],
  group: 'reports',
  order: 30,
  icon: 'calendar',
  title: ['name', 'name_en'],
  fields: {
    name: f.text({
      label: ['名称', 'Name'],
      required: true,
      max: 60,
      search: true,
      help: ['写在图表的竖线旁，越短越好', 'Written beside its line on charts: the shorter the better'],
    }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      required: true,
      choices: choices({
        launch: ['上线', 'Launch'],
        promotion: ['促销', 'Promotion'],
        price: ['调价', 'Price change'],
        holiday: ['节假日', 'Holiday'],
        incident: ['故障', 'Incident'],
        definition: ['口径变更', 'Change of definition'],
        other: ['其他', 'Other'],
      }),
    }),
    starts_on: f.date({ label: ['开始日期', 'From'], required: true }),
    ends_on: f.date({ label: ['结束日期', 'Until'] }),
    metrics: f.choices({
      label: ['相关指标', 'Metrics'],
      choices: metricChoices(),
      help: ['留空表示与所有指标有关', 'Empty: it concerns all of them'],
    }),
    note: f.longtext({ label: ['备注', 'Note'], max: 2000 }),
  },
  rules: [
    {
      name: 'ends_after_start',
      when: { or: [{ ends_on: { null: true } }, { ends_on: { gte: { $field: 'starts_on' } } }] },
      field: 'ends_on',
      message: ['结束日期不能早于开始日期', 'It cannot end before it begins'],
    },
  ],
  access: { operator: 'crudix', manager: 'crudix', reviewer: 'r', analyst: 'crudix', viewer: 'r' },
  list: { columns: ['name', 'kind', 'starts_on', 'ends_on', 'metrics'], sort: '-starts_on' },
  form: [
    section('event', ['事件', 'Event'], [['name', 'name_en'], ['kind', 'starts_on', 'ends_on'], 'metrics', 'note']),
  ],
});
