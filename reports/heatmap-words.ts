/** What the heatmap says, zh and en. */
import type { Lang, Pair } from '../api/contract.ts';

const WORDS = {
  title: ['点击热力图', 'Click heatmap'],
  page: ['页面', 'Page'],
  version: ['版本', 'Version'],
  version_of: ['v{number} · {state}', 'v{number} · {state}'],
  published: ['在线', 'live'],
  retired: ['已停用', 'retired'],
  device: ['设备', 'Device'],
  period: ['日期', 'Dates'],
  campaign: ['活动', 'Campaign'],
  segment: ['客群', 'Segment'],
  tier: ['等级', 'Tier'],
  everybody: ['全部', 'All'],
  layer: ['图层', 'Layer'],
  clicks: ['点击', 'Clicks'],
  rage: ['愤怒点击', 'Rage'],
  dead: ['无效点击', 'Dead'],
  scroll: ['滚动深度', 'Scroll'],
  seen_as: ['画面', 'Shown to'],
  as_visitor: ['访客', 'Visitors'],
  as_member: ['会员', 'Members'],
  compare: ['对比', 'Compare'],
  alone: ['不对比', 'Nothing'],
  with_before: ['上一周期', 'The period before'],
  with_version: ['版本 v{number}', 'Version v{number}'],
  png: ['导出 PNG', 'PNG'],
  csv: ['导出 CSV', 'CSV'],
  few: ['少', 'few'],
  many: ['多', 'many'],
  visits: ['{count} 次访问', '{count} visits'],
  view_visits: ['浏览 {views} · 访问 {visits} · 点击 {clicks}', 'Views {views} · visits {visits} · clicks {clicks}'],
  hidden: [
    '{count} 次点击所在的格子不足 3 次访问，不在图上显示',
    '{count} clicks lie in cells of fewer than 3 visits and are not drawn',
  ],
  absent: [
    '{names} 不在此画面中（只对会员或某种语言显示），见元素表',
    '{names}: not in this picture (shown to members, or in one language); see the table',
  ],
  summed: [
    '点击量大或日期较早，位置按汇总的格子显示',
    'Places are those of cells of days and weeks, since there are many clicks or they are of long ago',
  ],
  known_from: [
    '单次点击只保留 {days} 天，位置自 {day} 起',
    'Single clicks are kept for {days} days: places are known from {day} on',
  ],
  people_note: [
    '按客户今天所在的客群与等级筛选，只含能识别的客户，数据来自近 {days} 天的单次记录',
    'Of customers who are in the segment and tier today and were known; from single clicks, which are kept for {days} days',
  ],
  too_few: ['符合条件的客户不足 5 人，为保护隐私不显示', 'Fewer than 5 customers match, so nothing is shown'],
  none: ['所选条件下还没有访问', 'No visits for this selection'],
  none_hint: ['换一个日期范围、设备或版本', 'Try other dates, another device or version'],
  no_pages: ['还没有发布过的页面', 'No page was published yet'],
  to_pages: ['去活动页面', 'To the campaign pages'],
  external: [
    '这是外部页面：画面在别处，这里只有元素表与滚动深度。把脚本放进页面 <head> 即可统计：',
    'This is a page of others: its picture is elsewhere, so there are the table and the scroll depth only. Put this into its <head>:',
  ],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
  elements: ['元素', 'Elements'],
  element: ['元素', 'Element'],
  views: ['页面访问', 'Page visits'],
  rate: ['点击率（95% 区间）', 'Click rate (95% interval)'],
  share: ['占点击', 'Of clicks'],
  rage_rate: ['愤怒', 'Rage'],
  dead_rate: ['无效', 'Dead'],
  curve: ['滚动深度', 'Scroll depth'],
  curve_of: ['共 {count} 次测到滚动的访问', 'Of {count} visits whose scrolling was measured'],
  depth: ['看到 {depth}', 'Saw {depth}'],
  split: ['设备分布', 'Devices'],
  hints: ['优化建议', 'Suggestions'],
  hints_none: ['没有规则的条件被满足', 'No rule applies'],
  hints_rules: ['查看与修改规则', 'The rules'],
  hint_click_share: ['{name} 占 {rate} 的点击', '{name} gets {rate} of the clicks'],
  hint_click_rate: ['{name} 的点击率为 {rate}', '{name} has a click rate of {rate}'],
  hint_dead_rate: ['{name} 有 {rate} 的点击没有反应', '{rate} of the clicks on {name} had no effect'],
  hint_rage_rate: ['{name} 有 {rate} 的点击是连续急点', '{rate} of the clicks on {name} were in anger'],
  hint_reach_rate: ['只有 {rate} 的访问看到 {name}', 'Only {rate} of the visits came to see {name}'],
  hint_interval: ['95% 区间 {low}–{high}，共 {count}', '95% interval {low}–{high}, of {count}'],
  this_one: ['当前', 'This'],
  other_one: ['对比', 'Other'],
  difference: ['差（百分点，95% 区间）', 'Difference (points, 95% interval)'],
  verdict_more: ['更高', 'higher'],
  verdict_less: ['更低', 'lower'],
  verdict_unclear: ['看不出差别', 'no clear difference'],
  picture: ['页面画面与热力', 'The page with its heat'],
  loading: ['正在加载', 'Loading'],
} satisfies { [key: string]: Pair };

export type HeatWord = keyof typeof WORDS;

export function tell(lang: Lang, key: HeatWord, params: { [name: string]: string | number } = {}): string {
  return WORDS[key][lang === 'zh' ? 0 : 1].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

/** "24.5%" of "0.244813"; a dash where there is none. */
export function percent(rate: string | null, digits = 1): string {
  return rate === null ? '–' : `${(Number(rate) * 100).toFixed(digits)}%`;
}

export function count(lang: Lang, value: number): string {
  return new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en').format(value);
}
