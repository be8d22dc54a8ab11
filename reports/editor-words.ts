/** What the editor of reports says, zh and en. */
import type { Lang, Pair } from '../api/contract.ts';

const WORDS = {
  edit: ['编辑报表', 'Edit a report'],
  new_chart: ['新建图表', 'New chart'],
  copy: ['复制并编辑', 'Copy to edit'],
  change: ['编辑', 'Edit'],
  area: ['分区', 'Area'],
  name: ['名称', 'Name'],
  name_hint: ['小写字母、数字和连字符，如 orders-by-hour', 'Lower-case letters, digits, hyphens: orders-by-hour'],
  name_needed: ['先填写名称：小写字母、数字和连字符', 'Give it a name first: lower-case letters, digits and hyphens'],
  note: ['修改说明（可不填）', 'What changed (optional)'],
  publish: ['保存并发布', 'Save and publish'],
  draft: ['仅存草稿', 'Keep as a draft'],
  preview: ['预览', 'Preview'],
  run: ['运行预览', 'Run preview'],
  more: ['更多', 'More'],
  download: ['下载 .sql', 'Download .sql'],
  versions: ['版本', 'Versions'],
  withdraw: ['撤下（不再发布）', 'Unpublish'],
  remove: ['删除', 'Delete'],
  remove_sure: [
    '删除后列表里不再有它，版本仍会保留。确定删除？',
    'It leaves the lists; its versions are kept. Delete it?',
  ],
  withdraw_sure: ['撤下后其他人看不到这张图表。确定撤下？', 'Nobody else will see it any more. Unpublish it?'],
  code: ['报表文本', 'Text of the report'],
  keys: [
    'Ctrl/⌘+S 保存并发布 · Ctrl/⌘+Enter 运行预览 · Ctrl+空格 补全 · 先按 Esc 再按 Tab 离开编辑框',
    'Ctrl/⌘+S saves and publishes · Ctrl/⌘+Enter previews · Ctrl+Space completes · Esc, then Tab leaves the editor',
  ],
  file_read_only: [
    '这是报表文件，只能查看。用“复制并编辑”写一份自己的，或修改文件本身。',
    'This is a report file and is read only here. Copy it to write your own, or change the file.',
  ],
  behind_file: [
    '同名的报表文件已经存在，以文件为准；浏览器里的版本没有人看得到。',
    'A report file has the same name and counts; nobody sees the versions of the browser.',
  ],
  saved: ['已发布第 {number} 版', 'Version {number} is published'],
  saved_draft: ['已存为第 {number} 版草稿', 'Kept as draft {number}'],
  saved_wrong: [
    '有错误，已存为第 {number} 版草稿；已发布的内容不变',
    'There is a mistake: kept as draft {number}; what is published stays',
  ],
  checked: ['没有错误', 'No mistakes'],
  checking: ['正在检查…', 'Checking …'],
  at: ['第 {line} 行，第 {column} 列', 'Line {line}, column {column}'],
  go: ['跳到这里', 'Go there'],
  last_picture: ['文本有错，图表是上一次正确时的样子', 'The text has a mistake; this is the last picture that worked'],
  no_picture: ['写对之后，这里显示图表', 'The chart appears here once the text works'],
  restored: ['已恢复您在这台电脑上没有保存的输入（{at}）', 'What you typed here and did not save ({at}) is back'],
  discard: ['放弃，使用已保存的', 'Drop it, take what is saved'],
  conflict: ['{by} 在您之前保存了第 {number} 版', '{by} saved version {number} before you'],
  conflict_hint: [
    '您的输入还在。可以先看对方改了什么，再决定用哪一份。',
    'What you typed is still here. Look at their change, then decide.',
  ],
  mine: ['用我的覆盖', 'Save mine over it'],
  theirs: ['改用对方的', 'Take theirs'],
  signed_out: [
    '登录已失效。输入保存在这台电脑上；重新登录后再保存。',
    'You are signed out. What you typed is kept in this browser; sign in and save again.',
  ],
  sign_in: ['在新窗口登录', 'Sign in in a new window'],
  published: ['已发布', 'Published'],
  is_draft: ['草稿', 'Draft'],
  live: ['正在使用', 'Live'],
  restore: ['放回编辑框', 'Put into the editor'],
  restored_note: ['恢复第 {number} 版', 'Version {number} restored'],
  compare: ['看会改什么', 'What it would change'],
  same: ['与编辑框里的一样', 'The same as in the editor'],
  no_versions: ['还没有保存过', 'Nothing was saved yet'],
  added: ['新增', 'added'],
  removed: ['删除', 'removed'],
  unsaved: ['未保存', 'Not saved'],
  open: ['打开报表', 'Open the report'],
  not_live: ['未发布', 'Not published'],
  drafts: ['未发布的图表', 'Charts that are not published'],
} as const satisfies { [key: string]: Pair };

export type EditorWord = keyof typeof WORDS;

export function tell(lang: Lang, word: EditorWord, params: { [name: string]: string | number } = {}): string {
  return WORDS[word][lang === 'zh' ? 0 : 1].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}
