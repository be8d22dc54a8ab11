/** What the report pages say, zh and en. */
import type { Lang, Pair } from '../api/contract.ts';

const WORDS = {
  chart: ['图表', 'Chart'],
  table: ['表格', 'Table'],
  view: ['显示方式', 'View'],
  download: ['下载', 'Download'],
  csv: ['CSV 数据', 'CSV'],
  png: ['PNG 图片', 'PNG'],
  how: ['如何计算', 'How is this computed'],
  reports: ['报表', 'Reports'],
  find: ['查找报表', 'Find a report'],
  none_found: ['没有匹配的报表', 'No report matches'],
  none_yet: ['还没有报表', 'There are no reports yet'],
  none_yet_hint: [
    '在 reports/pages 下新建一个 .sql 文件，保存后就会出现在这里',
    'Add a .sql file under reports/pages; it appears here as soon as it is saved',
  ],
  empty: ['所选条件下没有数据', 'No data for this selection'],
  empty_hint: ['换一个日期范围，或去掉筛选条件', 'Try another period or remove a filter'],
  all_days: ['查看全部日期', 'Show all dates'],
  reset: ['恢复默认', 'Reset'],
  cut: [
    '只显示前 {rows} 行，后面还有。缩小日期范围或换成更粗的粒度',
    'Only the first {rows} rows are shown; there are more. Choose a shorter period or a coarser grain',
  ],
  too_many: [
    '共 {marks} 个数据点，超过一张图能看清的 {most} 个。换成更粗的粒度，或看表格',
    '{marks} points are more than the {most} a chart can show. Choose a coarser grain, or see the table',
  ],
  rows: ['{rows} 行 · 用时 {ms} 毫秒', '{rows} rows · {ms} ms'],
  problem: ['报表文件有错，下面是上一个可用的版本', 'The report file has an error; the last good version is shown'],
  problem_none: ['报表文件有错，还没有可用的版本', 'The report file has an error and has never worked'],
  place: ['{file} 第 {line} 行第 {column} 列', '{file}, line {line}, column {column}'],
  failed: ['报表没有跑出来', 'The report did not run'],
  again: ['重试', 'Try again'],
  not_found: ['没有这张报表', 'There is no such report'],
  all: ['全部', 'All'],
  from: ['开始日期', 'From'],
  to: ['结束日期', 'To'],
  last_7d: ['近 7 天', 'Last 7 days'],
  last_28d: ['近 28 天', 'Last 28 days'],
  last_90d: ['近 90 天', 'Last 90 days'],
  this_month: ['本月', 'This month'],
  last_month: ['上月', 'Last month'],
  last_12m: ['近 12 个月', 'Last 12 months'],
  this_year: ['今年', 'This year'],
  so_far: ['{step}（至今）', '{step} (so far)'],
  details: ['查看明细', 'See the rows'],
  metrics: ['指标', 'Metrics'],
  views: ['数据来源', 'Views read'],
  query: ['查询语句', 'Query'],
  file: ['文件', 'File'],
  formula: ['计算', 'Formula'],
  unit: ['单位', 'Unit'],
  version: ['版本 {version}，自 {since}', 'Version {version}, since {since}'],
  additive_all: ['可以相加', 'May be summed'],
  additive_time_no: ['不能跨时间相加', 'Not summed over time'],
  additive_none: ['不能相加', 'Never summed'],
  ci_wilson: ['95% 威尔逊区间', '95% Wilson interval'],
  ci_bootstrap: ['自助法区间', 'Bootstrap interval'],
  copied: ['已复制', 'Copied'],
  copy: ['复制', 'Copy'],
  owner: ['负责人', 'Owner'],
} satisfies { [key: string]: Pair };

export type Word = keyof typeof WORDS;

export function say(lang: Lang, key: Word, params: { [name: string]: string | number } = {}): string {
  return WORDS[key][lang === 'zh' ? 0 : 1].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}
